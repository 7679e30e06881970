import { isRunTool, type ToolCallContext, ToolFailure } from '../tool.js';
import type { CallReply } from '../sandbox/evaluation.js';
import { grantedTo } from '../tool-permissions.js';
import type { ToolCalls } from '../tool-calls.js';
import type { ToolCatalogue } from '../tool-catalogue.js';

const GIVEN_UP = { code: 'TOOL_TIMED_OUT', message: 'The call was given up' };

/**
 * What one program calls: tools of this server, each with the permissions of the program and no others. The first call
 * that reaches beyond them is the last one: the program may go on, but it calls nothing any more and has failed.
 */
export class ProgramCalls {
  private denied: ToolFailure | undefined;
  private count = 0;
  private readonly over = new AbortController();

  constructor(
    private readonly catalogue: Pick<ToolCatalogue, 'findOwn'>,
    private readonly calls: ToolCalls,
    private readonly context: ToolCallContext,
    private readonly onDenied: (denial: ToolFailure) => void,
  ) {}

  get denial(): ToolFailure | undefined {
    return this.denied;
  }

  /** @param question JSON of `[name, arguments]`. Answers JSON of a `CallReply`; never rejects. */
  readonly answer = async (question: string): Promise<string> => {
    return JSON.stringify(await this.reply(question));
  };

  /** Gives up what the program did not wait for. */
  end(): void {
    this.over.abort();
  }

  private async reply(question: string): Promise<CallReply> {
    try {
      if (this.denied) throw this.denied;
      const [name, args] = JSON.parse(question) as [unknown, unknown];
      return { output: await this.call(String(name), args) };
    } catch (error) {
      if (!(error instanceof ToolFailure)) return { error: GIVEN_UP };
      if (error.code === 'PERMISSION_DENIED') this.deny(error);
      const { code, message, options } = error;
      return { error: { code, message, ...(options.details && { details: options.details }) } };
    }
  }

  private deny(denial: ToolFailure): void {
    if (this.denied) return;
    this.denied = denial;
    this.onDenied(denial);
  }

  private async call(name: string, args: unknown): Promise<unknown> {
    const tool = this.catalogue.findOwn(name);
    if (!tool) throw new ToolFailure('TOOL_UNKNOWN', `There is no built-in tool ${name.slice(0, 100)}`);
    grantedTo(tool.manifest, this.context.permissions);
    if (isRunTool(tool)) throw new ToolFailure('TOOL_IN_RUNS_ONLY', `A program cannot call ${name}`);
    const checked = this.calls.checkArguments(tool, args);
    if (!checked.ok) throw argumentsInvalid(checked.faults);
    const { context } = this;
    this.count += 1;
    const idempotencyKey = `${context.idempotencyKey}:${this.count}`;
    const signal = AbortSignal.any([context.signal, this.over.signal]);
    return (await this.calls.call(tool, checked.args, { ...context, idempotencyKey, signal })).output;
  }
}

export function argumentsInvalid(
  faults: ReadonlyArray<{ readonly path: string; readonly message: string }>,
): ToolFailure {
  const list = faults.map(({ path, message }) => `${path} ${message}`.trim()).join('; ');
  return new ToolFailure('ARGUMENTS_INVALID', `The arguments are not right: ${list}`, { details: { errors: faults } });
}
