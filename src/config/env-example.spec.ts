import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { environmentSchema } from './environment.schema.js';

const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const example = parseEnv(text);

describe('.env.example', () => {
  it('lists every variable of the schema and no other', () => {
    expect(Object.keys(example).sort()).toEqual(Object.keys(environmentSchema.shape).sort());
  });

  it('shows the defaults of the schema', () => {
    const given = Object.fromEntries(Object.entries(example).filter(([, value]) => value));
    expect(environmentSchema.parse(given)).toEqual(environmentSchema.parse({}));
  });

  it('explains each setting in a comment above it', () => {
    const settings = text.split('\n').map((line, index, lines) => ({ line, above: lines[index - 1] ?? '' }));
    const bare = settings.filter(({ line, above }) => /^\w+=/.test(line) && above === '').map(({ line }) => line);
    expect(bare).toEqual([]);
  });
});
