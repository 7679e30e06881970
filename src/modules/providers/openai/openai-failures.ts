import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { StepFailure } from '../../../engine/index.js';
import { answeredFailure, broken, connectionFailure, failureOfAbort, silence } from '../call-failures.js';
import type { SilenceWatch } from '../silence-watch.js';

/** Says what an error of OpenAI's SDK, or of the connection under it, means for the step that made the call. */
export function openAiFailure(error: unknown, watch: SilenceWatch): StepFailure {
  if (error instanceof StepFailure) return error;
  if (watch.signal.aborted) return failureOfAbort(watch, error);
  if (error instanceof APIConnectionTimeoutError) return silence(watch, error);
  if (error instanceof APIConnectionError) return connectionFailure(error);
  if (error instanceof APIError) return answered(error);
  if (error instanceof SyntaxError) return broken('The answer holds a frame that is not JSON', error);
  return connectionFailure(error);
}

function answered(error: APIError<number | undefined, Headers | undefined>): StepFailure {
  return answeredFailure({
    status: error.status,
    message: error.message,
    requestId: error.requestID,
    retryAfter: error.headers?.get('retry-after'),
    code: error.code === 'insufficient_quota' ? 'MODEL_QUOTA_EXCEEDED' : undefined,
    cause: error,
  });
}
