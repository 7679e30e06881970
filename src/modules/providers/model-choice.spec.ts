import { describe, expect, it } from 'vitest';
import { chooseModel, type ModelWishes } from './model-choice.js';

const installation = { providerId: 'openai', model: 'gpt' };
const type = { providerId: 'mistral', model: 'ministral' };

function choose(wishes: Partial<ModelWishes>, usable: string[] = ['openai', 'mistral', 'glm']) {
  return chooseModel({ installation, ...wishes }, (id) => usable.includes(id));
}

describe('chooseModel', () => {
  it('takes the installation default when nobody wishes anything', () => {
    expect(choose({})).toEqual({ providerId: 'openai', model: 'gpt' });
  });

  it('prefers the node, then the type, then the flow', () => {
    const flow = { providerId: 'glm' };
    expect(choose({ node: { providerId: 'glm', model: 'a' }, type, flow })).toEqual({ providerId: 'glm', model: 'a' });
    expect(choose({ type, flow })).toEqual({ providerId: 'mistral', model: 'ministral' });
    expect(choose({ flow })).toEqual({ providerId: 'glm', model: undefined });
  });

  it('passes over a type default that has no key', () => {
    expect(choose({ type }, ['openai'])).toEqual({ providerId: 'openai', model: 'gpt' });
    expect(choose({ type, flow: { providerId: 'glm' } }, ['openai', 'glm'])).toEqual({
      providerId: 'glm',
      model: undefined,
    });
  });

  it('chooses each half on its own', () => {
    expect(choose({ node: { model: 'big' }, type })).toEqual({ providerId: 'mistral', model: 'big' });
    expect(choose({ node: { providerId: 'mistral' }, type })).toEqual({ providerId: 'mistral', model: 'ministral' });
  });

  it("does not ask one provider for another's default model", () => {
    expect(choose({ node: { providerId: 'glm' }, type })).toEqual({ providerId: 'glm', model: undefined });
  });

  it('keeps an explicit provider although it is not usable', () => {
    expect(choose({ node: { providerId: 'nowhere' }, type }).providerId).toBe('nowhere');
    expect(choose({ flow: { providerId: 'nowhere' } }).providerId).toBe('nowhere');
  });
});
