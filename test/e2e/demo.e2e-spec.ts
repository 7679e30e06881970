import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDemo, type Screen } from '../../src/demo/run-demo.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app?.close());

async function show(terminal: Partial<Screen>, env: Record<string, string> = {}, idea = '') {
  let text = '';
  const screen = { ...terminal, write: (piece: string) => Boolean((text += piece)) } as Screen;
  const code = await runDemo({ idea, screen, env: { PORT: new URL(app.url).port, ...env } });
  return { code, text };
}

describe('the demo', () => {
  it('tells in plain lines what happens, and shows outputs, time, tokens and addresses', async () => {
    const { code, text } = await show({}, {}, 'An idea of my own');
    expect(code).toBe(0);
    expect(text).not.toContain('\u001b');
    expect(text).toMatch(/Model +offline/);
    for (const node of ['idea', 'enhance', 'brief', 'spanish', 'spanish-brief', 'german', 'german-idea'])
      expect(text).toContain(`] ${node}: completed`);
    expect(text).toContain('] german | [offline');
    expect(text).toMatch(/Completed in \d+\.\d s · 3 model calls \(offline-echo\) · \d+ tokens in, \d+ out/);
    expect(text).toMatch(new RegExp(`${app.url}/api/v1/runs/[0-9a-f-]{36}`));
    expect(text.split('An idea of my own').length).toBeGreaterThan(3);
  });

  it('draws a tree in place in a terminal, never wider than that', async () => {
    const { code, text } = await show({ isTTY: true, columns: 60 });
    expect(code).toBe(0);
    const frames = text.split('\u001b[8A').map((frame) => stripVTControlCharacters(frame).replaceAll('\r', ''));
    expect(frames.length).toBeGreaterThan(5);
    expect(frames.some((frame) => /enhance +\d\.\d s {2}\S/.test(frame))).toBe(true);
    expect(frames.at(-1)).toMatch(/├─ ✓ enhance +\d\.\d s {2}\d+ → \d+ tokens/);
    const rows = frames.slice(1, -1).flatMap((frame) => frame.split('\n'));
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThan(60);
    expect(text.endsWith('\n\n')).toBe(true);
    expect(text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(text.lastIndexOf('\u001b[?25l'));
  });

  it('says what to do when no server answers', async () => {
    await expect(show({}, { PORT: '1' })).rejects.toThrow(
      /No server answers at http:\/\/127\.0\.0\.1:1\.[^]*npm start/,
    );
  });
});
