import { describe, expect, it } from 'vitest';
import { permissionsOf } from './roles.js';

describe('permissionsOf', () => {
  it.each([
    ['owner', false, ['manage', 'read', 'remove', 'run', 'write']],
    ['editor', false, ['read', 'run', 'write']],
    ['editor', true, ['read', 'remove', 'run', 'write']],
    ['viewer', false, ['read']],
    ['viewer', true, ['read']],
    [undefined, true, []],
  ] as const)('lets a member who is %s (own work: %s) do %j', (role, isOwnWork, actions) => {
    expect([...permissionsOf(role, isOwnWork)].toSorted()).toEqual(actions);
  });
});
