import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ModelServer } from '../../../../test/support/model-server/model-server.js';
import type { Fault } from '../../../../test/support/model-server/script.js';
import type { ModelProvider } from '../model-provider.js';
import { failureOf } from './provider-calls.js';

const FAULTS: ReadonlyArray<[string, Fault, string]> = [
  ['429', { kind: 'status', status: 429 }, 'MODEL_RATE_LIMITED'],
  ['400', { kind: 'status', status: 400 }, 'MODEL_REQUEST_REFUSED'],
  ['500', { kind: 'status', status: 500 }, 'MODEL_UNAVAILABLE'],
  ['a reset', { kind: 'reset' }, 'MODEL_CONNECTION_FAILED'],
  ['fewer vectors than texts', { kind: 'empty' }, 'MODEL_ANSWER_BROKEN'],
];

/** What every provider that makes vectors must do, against the model server. */
export function describeEmbedding(
  name: string,
  { create, tellsTokens }: { create: (server: ModelServer) => ModelProvider; tellsTokens: boolean },
): void {
  describe(`${name}.embed`, () => {
    let server: ModelServer;
    let provider: ModelProvider;
    beforeAll(async () => {
      server = await ModelServer.start();
      provider = create(server);
    });
    afterAll(() => server.close());
    beforeEach(() => server.setScript());

    const embed = async (...texts: string[]) => {
      const options = { signal: new AbortController().signal, idempotencyKey: 'call-1' };
      const answer = await provider.embed?.({ model: 'embedder', texts }, options);
      if (!answer) throw new Error(`${name} makes no vectors`);
      return answer;
    };

    it('makes a vector of each text, in their order', async () => {
      const { vectors, inputTokens } = await embed('a b', 'c', 'b a');
      expect(vectors).toHaveLength(3);
      expect(vectors[0]).toEqual(vectors[2]);
      expect(vectors[0]).not.toEqual(vectors[1]);
      expect(inputTokens).toBe(tellsTokens ? 3 : undefined);
      expect(server.calls.at(-1)).toMatchObject({ model: 'embedder', idempotencyKey: 'call-1' });
    });

    it.each(FAULTS)('fails on %s', async (_, fault, code) => {
      server.setScript({ answer: { fault } });
      expect(await failureOf(embed('a'))).toMatchObject({ code });
    });
  });
}
