import { describe, expect, it } from 'vitest';
import { describeRequest } from './request-hash.js';

const request = { method: 'POST', url: '/api/v1/flows', body: { name: 'a', nodes: [{ id: 1, type: 'x' }] } };

describe('describeRequest', () => {
  it('says the same of one body in any order of its fields', () => {
    const turned = { ...request, body: { nodes: [{ type: 'x', id: 1 }], name: 'a' } };
    expect(describeRequest(turned)).toBe(describeRequest(request));
  });

  it.each([
    ['another path', { ...request, url: '/api/v1/flows?x=1' }],
    ['another method', { ...request, method: 'PUT' }],
    ['another value', { ...request, body: { ...request.body, name: 'b' } }],
    ['another order of a list', { ...request, body: { ...request.body, nodes: [2, 1] } }],
    ['no body', { ...request, body: undefined }],
  ])('tells %s', (_name, other) => {
    expect(describeRequest(other)).not.toBe(describeRequest(request));
  });
});
