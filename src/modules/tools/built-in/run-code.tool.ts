import { Injectable } from '@nestjs/common';
import { inputText, resultOf } from '../sandbox/evaluation-output.js';
import { Sandbox } from '../sandbox/sandbox.js';
import { Tool } from '../tool.decorator.js';
import type { CallableTool, ToolAnswer, ToolCallContext } from '../tool.js';
import { assertReach } from '../tool-permissions.js';
import { answerOf, builtIn, objectOf, text, wholeNumber } from './built-in.js';

interface Wish {
  readonly code?: string;
  readonly input?: unknown;
  readonly timeout_ms?: number;
}

const STANDARD_TIMEOUT_MS = 5_000;

@Injectable()
@Tool({})
export class RunCodeTool implements CallableTool {
  readonly manifest = builtIn({
    name: 'run_code',
    description:
      'Runs JavaScript in a sandbox without network, files and modules. The data is in the variable `input`. The result is ' +
      'the value of the last expression, or what a top-level `return` gives; with `return`, `await` may be used too.',
    inputSchema: objectOf(
      {
        code: text('JavaScript (ES2023).', 100_000, { minLength: 1 }),
        input: { description: 'Any JSON.' },
        timeout_ms: wholeNumber('After which it is ended.', 10, 10_000, STANDARD_TIMEOUT_MS),
      },
      ['code'],
    ),
    outputSchema: answerOf({
      result: { description: 'As JSON; null for undefined.' },
      logs: { type: 'array', items: { type: 'string' }, description: 'Lines of console.log.' },
    }),
    timeoutSeconds: 60,
    permissions: ['exec'],
  });

  constructor(private readonly sandbox: Sandbox) {}

  async call({ code = '', input = null, timeout_ms: timeoutMs }: Wish, context: ToolCallContext): Promise<ToolAnswer> {
    assertReach(context, 'exec');
    const job = { code, input: inputText(input), timeoutMs: timeoutMs ?? STANDARD_TIMEOUT_MS };
    const evaluation = await this.sandbox.evaluate(job, context.signal);
    return { output: { result: resultOf(evaluation), logs: evaluation.logs } };
  }
}
