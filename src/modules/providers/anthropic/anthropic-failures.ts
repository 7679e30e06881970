import { APIConnectionError, APIConnectionTimeoutError, APIError } from '@anthropic-ai/sdk';
import { StepFailure } from '../../../engine/index.js';
import { answeredFailure, broken, connectionFailure, failureOfAbort, silence } from '../call-failures.js';
import type { ModelFailureCode } from '../model-failures.js';
import type { SilenceWatch } from '../silence-watch.js';

/** Says what an error of Anthropic's SDK, or of the connection under it, means for the step that made the call. */
export function anthropicFailure(error: unknown, watch: SilenceWatch): StepFailure {
  if (error instanceof StepFailure) return error;
  if (watch.signal.aborted) return failureOfAbort(watch, error);
  if (error instanceof APIConnectionTimeoutError) return silence(watch, error);
  if (error instanceof APIConnectionError) return connectionFailure(error);
  if (error instanceof APIError) return answered(error);
  if (error instanceof SyntaxError) return broken('The answer holds a frame that is not JSON', error);
  return connectionFailure(error);
}

function answered(error: APIError): StepFailure {
  return answeredFailure({
    status: error.status,
    message: error.apiMessage ?? error.message,
    requestId: error.requestID,
    retryAfter: error.headers?.get('retry-after'),
    code: error.status === undefined ? codeOf(error.type) : undefined,
    cause: error,
  });
}

/** In the middle of a stream there is a type in place of a status. */
function codeOf(type: string | null): ModelFailureCode {
  if (type === 'rate_limit_error') return 'MODEL_RATE_LIMITED';
  if (type === 'billing_error') return 'MODEL_QUOTA_EXCEEDED';
  if (type === 'authentication_error' || type === 'permission_error') return 'MODEL_CREDENTIALS_REFUSED';
  return type === 'invalid_request_error' ? 'MODEL_REQUEST_REFUSED' : 'MODEL_UNAVAILABLE';
}
