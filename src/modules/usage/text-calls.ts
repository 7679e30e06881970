import { StepFailure } from '../../engine/index.js';
import type { ModelCall } from '../providers/model-calls.service.js';
import type { ModelAnswer } from '../providers/model-provider.js';
import type { CallKind, Measured } from './call-metering.js';
import { DEFAULT_OUTPUT_BOUND, estimatedTokens, inputBound } from './token-bounds.js';

type Request = ModelCall['request'];

/** Failures of a request that no model has read. */
const UNREAD: ReadonlySet<string> = new Set([
  'MODEL_RATE_LIMITED',
  'MODEL_UNAVAILABLE',
  'MODEL_CONNECTION_FAILED',
  'MODEL_CREDENTIALS_REFUSED',
  'MODEL_REQUEST_REFUSED',
  'MODEL_QUOTA_EXCEEDED',
  'PROVIDER_NOT_CONFIGURED',
]);

/**
 * Measures calls for text. Where the provider tells no counts they are estimated: the input from the request, the output
 * from what came of it.
 */
export class TextCalls implements CallKind<Request, ModelAnswer> {
  readonly name = 'text';
  private heardBytes = 0;

  hear(text: string): void {
    this.heardBytes += Buffer.byteLength(text);
  }

  bounded(request: Request): Request {
    return { ...request, maxOutputTokens: request.maxOutputTokens ?? DEFAULT_OUTPUT_BOUND };
  }

  mostOf(request: Request) {
    return {
      inputTokens: inputBound(request),
      outputTokens: request.maxOutputTokens ?? DEFAULT_OUTPUT_BOUND,
      images: 0,
    };
  }

  usedBy({ text, usage, toolCalls }: ModelAnswer, request: Request): Measured {
    this.heardBytes = 0;
    if (usage) return { ...usage, images: 0, isEstimated: false };
    const callBytes = toolCalls.length === 0 ? 0 : Buffer.byteLength(JSON.stringify(toolCalls));
    return estimate(inputBound(request), Buffer.byteLength(text) + callBytes);
  }

  usedByFailed(error: unknown, request: Request): Measured {
    const { heardBytes } = this;
    this.heardBytes = 0;
    const wasRead = heardBytes > 0 || !isUnread(error);
    return wasRead ? estimate(inputBound(request), heardBytes) : NOTHING;
  }
}

export const NOTHING: Measured = { inputTokens: 0, outputTokens: 0, images: 0, isEstimated: false };

/** Whether no model has read the request that failed so. */
export function isUnread(error: unknown): boolean {
  return error instanceof StepFailure && UNREAD.has(error.code);
}

export function estimate(inputBytes: number, outputBytes: number): Measured {
  const inputTokens = estimatedTokens(inputBytes);
  return { inputTokens, outputTokens: estimatedTokens(outputBytes), images: 0, isEstimated: true };
}
