import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { StepFailure } from '../../../engine/index.js';
import { modelFailure, retryAfterMs } from '../model-failures.js';
import type { SilenceWatch } from '../silence-watch.js';

/** Says what an error of the SDK, or of the connection under it, means for the step that made the call. */
export function failureOf(error: unknown, watch: SilenceWatch): StepFailure {
  if (error instanceof StepFailure) return error;
  if (watch.hasTimedOut || error instanceof APIConnectionTimeoutError) return silence(watch, error);
  if (watch.signal.aborted) return aborted(error);
  if (error instanceof APIConnectionError) return connectionFailure(error);
  if (error instanceof APIError) return answeredFailure(error);
  if (error instanceof SyntaxError) return broken('The answer holds a frame that is not JSON', error);
  return connectionFailure(error);
}

/** A stream that ended because it was told to; the SDK ends it without an error. */
export function failureOfAbort(watch: SilenceWatch): StepFailure {
  return watch.hasTimedOut ? silence(watch) : aborted(watch.signal.reason);
}

export function broken(message: string, cause?: unknown): StepFailure {
  return modelFailure('MODEL_ANSWER_BROKEN', message, { cause });
}

function silence(watch: SilenceWatch, cause?: unknown): StepFailure {
  return modelFailure('MODEL_TIMED_OUT', `Nothing was heard for ${watch.silenceMs} ms`, { cause });
}

function aborted(cause: unknown): StepFailure {
  return modelFailure('MODEL_CALL_ABORTED', 'The call was given up', { cause });
}

function connectionFailure(cause: unknown): StepFailure {
  return modelFailure('MODEL_CONNECTION_FAILED', 'The connection to the provider failed', { cause });
}

/** The provider answered, by a status or by an error in the middle of a stream (which has no status). */
function answeredFailure(error: APIError<number | undefined, Headers | undefined>): StepFailure {
  const status = error.status;
  const message = `The provider answered: ${error.message}`.slice(0, 1000);
  const details = { ...(status !== undefined && { status }), ...(error.requestID && { request_id: error.requestID }) };
  const wait = retryAfterMs(error.headers?.get('retry-after'), Date.now());
  return modelFailure(codeOf(status, error.code), message, { details, retryAfterMs: wait, cause: error });
}

function codeOf(status: number | undefined, code: string | null | undefined) {
  if (code === 'insufficient_quota') return 'MODEL_QUOTA_EXCEEDED';
  if (status === undefined || status >= 500 || status === 408) return 'MODEL_UNAVAILABLE';
  if (status === 429) return 'MODEL_RATE_LIMITED';
  if (status === 401 || status === 403) return 'MODEL_CREDENTIALS_REFUSED';
  return status === 409 ? 'MODEL_UNAVAILABLE' : 'MODEL_REQUEST_REFUSED';
}
