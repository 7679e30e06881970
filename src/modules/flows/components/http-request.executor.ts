import { Injectable } from '@nestjs/common';
import { type FailureInfo, type StepContext, StepFailure } from '../../../engine/index.js';
import {
  type GuardedAnswer,
  GuardedHttp,
  GuardedHttpError,
  type GuardedRequest,
} from '../../../common/net/guarded-http.js';
import { retryAfterMs } from '../../providers/model-failures.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { NodeExecutor as Executor, NodeWork } from '../program/node-executor.js';
import { findHeadersFault, parseHeaders } from './http-headers.js';
import { TEXT_IN, TEXT_OUT, TEXT_OUTPUT } from './text-component.js';
import { textField } from './text-field.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

const COMPONENT: ComponentDefinition = {
  type: 'httpRequest',
  name: 'HTTP request',
  description: 'Calls a public address and gives the body of the answer. `{{text}}` stands for the text that arrives.',
  category: 'data_source',
  icon: 'globe',
  color: 'blue',
  providerType: 'none',
  usesLlm: false,
  version: 1,
  fields: [
    {
      key: 'url',
      label: 'Address',
      kind: 'text',
      required: true,
      placeholder: 'https://example.com/search?q={{text}}',
    },
    {
      key: 'method',
      label: 'Method',
      kind: 'select',
      required: false,
      options: METHODS.map((value) => ({ value, label: value })),
    },
    {
      key: 'headers',
      label: 'Headers',
      kind: 'textarea',
      required: false,
      placeholder: 'Accept: application/json',
      check: findHeadersFault,
    },
    { key: 'body', label: 'Body', kind: 'textarea', required: false, placeholder: 'The text that arrives, when empty' },
  ],
  ports: [TEXT_IN, TEXT_OUT],
  api: {
    executor: 'api_call',
    inputMapping: { url: 'field:url', method: 'field:method', headers: 'field:headers', body: 'field:body' },
  },
  outputs: [TEXT_OUTPUT],
};

@Injectable()
@NodeExecutor('httpRequest')
export class HttpRequestExecutor implements Executor {
  readonly component = COMPONENT;

  constructor(private readonly http: GuardedHttp) {}

  /** @throws {StepFailure} when there is no answer, or one that is no success */
  async execute(work: NodeWork, step: StepContext): Promise<NodeOutput> {
    const request = requestOf(work, step);
    const answer = await this.answerTo(request);
    if (answer.status >= 200 && answer.status < 300) return { text: answer.body.toString('utf8') };
    throw statusFailure(answer, request);
  }

  private async answerTo(request: GuardedRequest): Promise<GuardedAnswer> {
    try {
      return await this.http.request(request);
    } catch (error) {
      if (!(error instanceof GuardedHttpError)) throw error;
      const { code, message } = error;
      const retryable = code === 'REQUEST_FAILED' || code === 'REQUEST_TIMED_OUT';
      throw new StepFailure({ code, message }, { retryable, cause: error });
    }
  }
}

function requestOf({ data, inputs, settings }: NodeWork, step: StepContext): GuardedRequest {
  const method = METHODS.find((name) => name === textField(data, 'method')) ?? 'GET';
  const body = textField(data, 'body').replaceAll('{{text}}', () => inputs.text) || inputs.text;
  return {
    url: textField(data, 'url').replaceAll('{{text}}', () => encodeURIComponent(inputs.text.toWellFormed())),
    method,
    headers: { 'idempotency-key': step.idempotencyKey, ...parseHeaders(textField(data, 'headers')) },
    ...(method !== 'GET' && body !== '' && { body }),
    signal: step.signal,
    timeoutMs: settings.timeoutMs ?? TIMEOUT_MS,
    maxBytes: MAX_ANSWER_BYTES,
  };
}

function statusFailure({ status, headers, body }: GuardedAnswer, { method }: GuardedRequest): StepFailure {
  const details = { status, body: body.toString('utf8', 0, 2_000) };
  const info: FailureInfo = { code: 'HTTP_STATUS', message: `The answer has the status ${status}`, details };
  const retryAfter = [headers['retry-after']].flat()[0];
  // A server that failed may have done what it was asked for all the same: only a GET is harmless to repeat.
  const retryable = status === 429 || status === 503 || (status >= 500 && method === 'GET');
  return new StepFailure(info, { retryable, retryAfterMs: retryAfterMs(retryAfter, Date.now()) });
}
