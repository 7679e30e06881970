import { ApiError } from '@google/genai';
import { z } from 'zod';
import { StepFailure } from '../../../engine/index.js';
import { answeredFailure, broken, connectionFailure, failureOfAbort } from '../call-failures.js';
import type { ModelFailureCode } from '../model-failures.js';
import type { SilenceWatch } from '../silence-watch.js';
import { GeminiConnectionError, GeminiStatusError } from './gemini-fetch.js';

/** Google's error body. @see https://google.aip.dev/193 */
const errorBody = z.object({
  error: z.object({
    message: z.string(),
    details: z.array(z.object({ reason: z.string().optional(), retryDelay: z.string().optional() })).optional(),
  }),
});
type GoogleError = z.output<typeof errorBody>['error'];

/** Says what an error of Google's SDK, or of the connection under it, means for the step that made the call. */
export function geminiFailure(error: unknown, watch: SilenceWatch): StepFailure {
  if (error instanceof StepFailure) return error;
  if (watch.signal.aborted) return failureOfAbort(watch, error);
  if (error instanceof GeminiStatusError) return statusFailure(error);
  if (error instanceof GeminiConnectionError) return connectionFailure(error);
  if (error instanceof ApiError) return answeredFailure({ status: error.status, message: error.message, cause: error });
  return broken('The answer cannot be read', error);
}

function statusFailure(cause: GeminiStatusError): StepFailure {
  const told = read(cause.body);
  return answeredFailure({
    status: cause.status,
    message: told?.message ?? cause.message,
    retryAfter: cause.retryAfter ?? retryDelayOf(told),
    code: codeOf(told),
    cause,
  });
}

function read(body: string): GoogleError | undefined {
  try {
    return errorBody.safeParse(JSON.parse(body)).data?.error;
  } catch {
    return undefined; // A proxy's page: the status says enough.
  }
}

/** `RetryInfo` spells the wait as `7s`. */
function retryDelayOf(error: GoogleError | undefined): string | undefined {
  const delay = error?.details?.find(({ retryDelay }) => retryDelay !== undefined)?.retryDelay;
  return delay?.replace(/s$/, '');
}

/** A wrong key is answered by 400. */
function codeOf(error: GoogleError | undefined): ModelFailureCode | undefined {
  const isWrongKey = error?.details?.some(({ reason }) => reason === 'API_KEY_INVALID') ?? false;
  return isWrongKey ? 'MODEL_CREDENTIALS_REFUSED' : undefined;
}
