import { describe, expect, it } from 'vitest';
import { fuseRanks } from './fuse-ranks.js';
import { product, unitVector, unpackReals } from './packed-vector.js';
import { VectorCache } from './vector-cache.js';
import { nearestByExtension, vectorSerials } from './vector-sql.js';
import type { VectorSource } from './vector-source.js';

describe('fuseRanks', () => {
  it('prefers what both rankings have, and is 1 for what is first in both', () => {
    const fused = fuseRanks([
      ['both', 'words'],
      ['both', 'meaning', 'words'],
    ]);
    expect(fused.get('both')).toBe(1);
    expect([...fused].toSorted((a, b) => b[1] - a[1]).map(([id]) => id)).toEqual(['both', 'words', 'meaning']);
    expect(fuseRanks([['a'], []]).get('a')).toBe(0.5);
  });
});

describe('vectors', () => {
  it('have their cosines as products', () => {
    expect(product(unitVector([3, 4]), unitVector([6, 8]))).toBeCloseTo(1);
    expect(product(unitVector([1, 0]), unitVector([0, 5]))).toBe(0);
    expect([...unitVector([0, 0])]).toEqual([0, 0]);
  });

  it('are read as the database sends them', () => {
    const bytes = Buffer.alloc(20 + 2 * 8);
    bytes.writeFloatBE(0.5, 24);
    bytes.writeFloatBE(-2, 32);
    expect([...unpackReals(bytes)]).toEqual([0.5, -2]);
  });
});

describe('VectorCache', () => {
  it('drops what was not used for longest', () => {
    const cache = new VectorCache(16);
    const kept = (id: string) => ({ id, vector: Float32Array.of(1, 2) });
    cache.set(1, kept('a'));
    cache.set(2, kept('b'));
    expect(cache.get(1)?.id).toBe('a');
    cache.set(3, kept('c'));
    expect([1, 2, 3].map((serial) => cache.get(serial)?.id)).toEqual(['a', undefined, 'c']);
    cache.set(3, kept('d'));
    expect([1, 3].map((serial) => cache.get(serial)?.id)).toEqual(['a', 'd']);
  });
});

const SOURCE: VectorSource = {
  name: 'notes',
  table: 'notes',
  id: 'id',
  search: 'search',
  vectors: 'note_vectors',
  key: 'note_id',
  texts: 'SELECT id, owner_id, project_id, text FROM notes',
};
const QUESTION = { model: 'openai/m', vector: Float32Array.of(0.5, 0.25) };
const FILTER = { keys: [['=owner:a']], where: (bind: (value: unknown) => string) => [`kind = ${bind('x')}`] };

describe('vector SQL', () => {
  it('keeps to the filter, the model and the number of dimensions', () => {
    const { text, values } = vectorSerials(SOURCE, FILTER, QUESTION);
    expect(values).toEqual(["('=owner:a')", 'x', 'openai/m', 2]);
    expect(text).toMatch(/search @@ \$1::tsquery AND kind = \$2\) t JOIN note_vectors v ON v\.note_id = t\.id/);
    expect(text).toMatch(/v\.model = \$3 AND v\.dimensions = \$4 ORDER BY t\.id DESC LIMIT 20000/);
  });

  it('has the extension compare, wherever it is', () => {
    const { text, values } = nearestByExtension(SOURCE, FILTER, QUESTION, { schema: '"My ext"', limit: 10 });
    expect(values.slice(4)).toEqual(['[0.5,0.25]', 10]);
    expect(text).toContain('v.vector::"My ext".vector OPERATOR("My ext".<=>) $5::"My ext".vector AS distance FROM');
    expect(text).toMatch(/ORDER BY 2, 1 DESC LIMIT \$6\) n ORDER BY distance, id DESC$/);
  });
});
