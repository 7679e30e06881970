import { describe, expect, it } from 'vitest';
import { SnakeNamingStrategy } from './snake-naming.strategy.js';

describe('SnakeNamingStrategy', () => {
  const names = new SnakeNamingStrategy();

  it.each([
    ['createdAt', 'created_at'],
    ['id', 'id'],
    ['http2Url', 'http2_url'],
    ['last_seq', 'last_seq'],
  ])('names the column of %s %s', (property, column) => {
    expect(names.columnName(property, '', [])).toBe(column);
  });

  it('keeps a name that was given', () => {
    expect(names.columnName('createdAt', 'made_at', [])).toBe('made_at');
  });

  it('puts the names of embedded objects before', () => {
    expect(names.columnName('firstName', '', ['homeAddress'])).toBe('home_address_first_name');
  });

  it('names the column of a relation after it', () => {
    expect(names.joinColumnName('parentRun', 'id')).toBe('parent_run_id');
  });
});
