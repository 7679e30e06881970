import { StepFailure } from '../../../engine/index.js';
import { answeredFailure, broken, connectionFailure, failureOfAbort } from '../call-failures.js';
import type { SilenceWatch } from '../silence-watch.js';

/** Says what an error of a call to Fireworks means for the step that made it. */
export function fluxFailure(error: unknown, watch: SilenceWatch): StepFailure {
  if (error instanceof StepFailure) return error;
  if (watch.signal.aborted) return failureOfAbort(watch, error);
  if (error instanceof SyntaxError) return broken('The answer is not JSON', error);
  return connectionFailure(error);
}

/** @throws {StepFailure} when the status is no success */
export async function checkStatus(response: Response): Promise<void> {
  if (response.ok) return;
  const body = await response.text();
  throw answeredFailure({
    status: response.status,
    message: messageIn(body) ?? `Status ${response.status}`,
    requestId: response.headers.get('x-request-id'),
    retryAfter: response.headers.get('retry-after'),
    cause: body.slice(0, 1000),
  });
}

function messageIn(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } | string };
    const message = typeof error === 'object' ? error.message : error;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined; // A proxy's page: the status says enough.
  }
}
