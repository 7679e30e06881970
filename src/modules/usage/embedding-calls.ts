import type { EmbeddingAnswer } from '../providers/embedding/embedding.js';
import type { CallKind } from './call-metering.js';
import { estimate, isUnread, NOTHING } from './text-calls.js';

/** Measures calls that make vectors of texts: by what is read, for nothing is written. */
export const EMBEDDING_CALLS: CallKind<readonly string[], EmbeddingAnswer> = {
  name: 'embedding',
  bounded: (texts) => texts,
  mostOf: (texts) => ({ inputTokens: bytesOf(texts), outputTokens: 0, images: 0 }),
  usedBy: ({ inputTokens }, texts) =>
    inputTokens === undefined ? estimate(bytesOf(texts), 0) : { ...NOTHING, inputTokens },
  usedByFailed: (error, texts) => (isUnread(error) ? NOTHING : estimate(bytesOf(texts), 0)),
};

/** No tokenizer makes more tokens than a text has bytes. */
function bytesOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
