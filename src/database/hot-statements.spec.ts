import { describe, expect, it } from 'vitest';
import { HotStatements } from './hot-statements.js';

function ask(statements: HotStatements, text: string, times: number): string | undefined {
  let name: string | undefined;
  for (let time = 0; time < times; time += 1) name = statements.nameOf(text);
  return name;
}

describe(HotStatements.name, () => {
  it('names what is asked for the fifth time, and keeps the name', () => {
    const statements = new HotStatements();
    expect(ask(statements, 'SELECT 1', 4)).toBeUndefined();
    const name = ask(statements, 'SELECT 1', 1);
    expect(name).toMatch(/^hot_\d+$/);
    expect(ask(statements, 'SELECT 1', 3)).toBe(name);
    expect(ask(statements, 'SELECT 2', 5)).not.toBe(name);
  });

  it('gives another name to what has to be prepared anew', () => {
    const statements = new HotStatements();
    const name = ask(statements, 'SELECT 1', 5);
    statements.renew('SELECT 1');
    expect(ask(statements, 'SELECT 1', 1)).not.toBe(name);
  });

  it('is bounded, whatever is asked', () => {
    const statements = new HotStatements();
    const names = new Set(Array.from({ length: 1_000 }, (_, n) => ask(statements, `SELECT ${n}`, 5)));
    expect(names.size).toBe(128 + 1);
    expect(ask(statements, 'x'.repeat(20_000), 9)).toBeUndefined();
  });

  it('does not count to five over what comes once each', () => {
    const statements = new HotStatements();
    for (let n = 0; n < 5; n += 1) {
      expect(statements.nameOf('SELECT 1')).toBeUndefined();
      for (let other = 0; other < 1_000; other += 1) statements.nameOf(`SELECT ${n}, ${other}`);
    }
  });
});
