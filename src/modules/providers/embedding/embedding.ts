import { broken } from '../call-failures.js';

export interface EmbeddingRequest {
  /** Passed through as it is, listed or not. */
  readonly model: string;
  /** None is empty. */
  readonly texts: readonly string[];
}

export interface EmbeddingAnswer {
  /** One for each text, in their order, all of the same length, which the model decides. */
  readonly vectors: readonly (readonly number[])[];
  /** Undefined when the provider does not tell. */
  readonly inputTokens: number | undefined;
}

/**
 * What a provider answered, when it is what was asked for.
 *
 * @throws {StepFailure} `MODEL_ANSWER_BROKEN`
 */
export function embeddingAnswer(
  { texts }: EmbeddingRequest,
  vectors: readonly unknown[],
  inputTokens: number | undefined,
): EmbeddingAnswer {
  const first = vectors[0];
  const dimensions = Array.isArray(first) ? first.length : 0;
  const isWhole = vectors.every((vector) => isVector(vector, dimensions));
  if (vectors.length !== texts.length || dimensions === 0 || !isWhole)
    throw broken('The answer has not a vector for each text');
  return { vectors: vectors as number[][], inputTokens };
}

function isVector(value: unknown, dimensions: number): value is number[] {
  return Array.isArray(value) && value.length === dimensions && value.every(Number.isFinite);
}
