import { StepFailure } from '../../engine/index.js';
import type { ModelChoice } from './model-choice.js';

export interface FailedChoice extends ModelChoice {
  readonly failure: StepFailure;
}

/**
 * Asks one after another until one answers.
 *
 * @param hasBegun whether the one that failed had given out a part of its answer: then nobody else can take over
 * @throws {StepFailure} of the one that had begun, or what the failures of all amount to
 */
export async function firstToAnswer<T extends object>(
  chain: readonly ModelChoice[],
  ask: (choice: ModelChoice) => Promise<T>,
  hasBegun: () => boolean = () => false,
): Promise<T & { readonly failed: readonly FailedChoice[] }> {
  const failed: FailedChoice[] = [];
  for (const choice of chain) {
    try {
      return { ...(await ask(choice)), failed };
    } catch (error) {
      if (!(error instanceof StepFailure) || isGivenUp(error) || hasBegun()) throw error;
      failed.push({ ...choice, failure: error });
    }
  }
  throw failureOfAll(failed);
}

/** The caller wants no answer any more. */
function isGivenUp({ code }: StepFailure): boolean {
  return code === 'MODEL_CALL_ABORTED';
}

/** May be tried again when one of them may, and as soon as the first of those may. Pure. */
export function failureOfAll(failed: readonly FailedChoice[]): StepFailure {
  const soonest = failed
    .map(({ failure }) => failure)
    .filter(({ retryable }) => retryable)
    .toSorted((a, b) => (a.retryAfterMs ?? 0) - (b.retryAfterMs ?? 0))[0];
  const shown = soonest ?? failed[0]?.failure;
  if (shown === undefined) throw new RangeError('Nobody was asked');
  if (failed.length === 1) return shown;
  const tried = failed.map(({ providerId, model, failure }) => ({
    provider_id: providerId,
    ...(model !== undefined && { model }),
    code: failure.code,
  }));
  return new StepFailure(
    { code: shown.code, message: shown.message, details: { ...shown.details, tried } },
    { retryable: shown.retryable, retryAfterMs: shown.retryAfterMs, cause: shown },
  );
}
