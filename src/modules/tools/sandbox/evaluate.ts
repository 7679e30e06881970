import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import type { Ask } from '../workers/serve-jobs.ts';
import type { Evaluation, EvaluationJob } from './evaluation.ts';
import { provideModules } from './modules.ts';
import { ToolBridge } from './tool-bridge.ts';
import { newVirtualMachine } from './virtual-machine.ts';

const MAX_OUTPUT_CHARS = 150_000;
const MAX_LOGS = 100;
const MAX_LOG_CHARS = 1_000;
const MAX_MESSAGE_CHARS = 2_000;
/** To tell what a program failed with after its time. */
const LAST_WORDS_MS = 100;
const JOBS_AT_ONCE = 100;

/** Runs before the program, so that nothing it needs has been changed. Answers the functions that we call afterwards. */
const PRELUDE = `(input, write) => {
  const { stringify, parse } = JSON;
  const cut = Function.prototype.call.bind(String.prototype.slice);
  const text = (value) => {
    try {
      if (value instanceof Error) return value.name + ': ' + value.message;
      return typeof value === 'object' ? stringify(value) ?? '' : String(value);
    } catch { return '(cannot be shown)'; }
  };
  const log = (...values) => {
    let line = '';
    for (let i = 0; i < values.length; i += 1) line += (i ? ' ' : '') + text(values[i]);
    write(cut(line, 0, ${MAX_LOG_CHARS}));
  };
  globalThis.console = { log, info: log, warn: log, error: log, debug: log };
  globalThis.input = parse(input);
  return { json: (value) => stringify(value), describe: (error) => cut(text(error), 0, ${MAX_MESSAGE_CHARS}) };
}`;

/** One program from start to end, with its microtasks. What it leaves behind is dropped with the machine. */
export async function evaluate(job: EvaluationJob, ask: Ask): Promise<Evaluation> {
  const run = new ProgramRun(job.timeoutMs);
  try {
    await run.start(job, ask);
    return { ...(await run.evaluate(job.code)), logs: run.logs };
  } catch (error) {
    // The machine itself is at its end: of its memory, or of the stack of the thread.
    return {
      outcome: 'failed',
      message: `InternalError: ${String(error)}`.slice(0, MAX_MESSAGE_CHARS),
      logs: run.logs,
    };
  } finally {
    run.close();
  }
}

type Outcome = Evaluation extends infer E ? (E extends Evaluation ? Omit<E, 'logs'> : never) : never;

class ProgramRun {
  readonly logs: string[] = [];
  private vm!: QuickJSContext; // by start
  private tools!: QuickJSHandle; // by start
  private bridge: ToolBridge | undefined;
  private deadline: number;

  constructor(timeoutMs: number) {
    this.deadline = performance.now() + timeoutMs;
  }

  async start({ input, modules, mayCallTools }: EvaluationJob, ask: Ask): Promise<void> {
    this.vm = await newVirtualMachine(() => this.isOver);
    const { vm } = this;
    const write = vm.newFunction('write', (line) => this.log(this.textOf(line, MAX_LOG_CHARS)));
    const prelude = vm.unwrapResult(vm.evalCode(PRELUDE));
    this.tools = vm.unwrapResult(vm.callFunction(prelude, vm.undefined, vm.newString(input), write));
    if (modules) provideModules(vm, new Map(Object.entries(modules)));
    if (!mayCallTools) return;
    this.bridge = new ToolBridge(vm, ask);
    this.bridge.install();
  }

  close(): void {
    this.bridge?.close();
  }

  async evaluate(code: string): Promise<Outcome> {
    const { vm } = this;
    // With `return` or `await` it is the body of a function; else its value is that of its last expression.
    const isScript = !('error' in vm.evalCode(code, 'program.js', { compileOnly: true }));
    const program = isScript ? code : `(async () => {${code}\n})()`;
    const result = vm.evalCode(program, 'program.js');
    if ('error' in result && result.error) return this.failure(result.error);
    await this.settle(result.value);
    if (this.isOver) return this.timedOut();
    const state = vm.getPromiseState(result.value);
    if (state.type === 'pending') return { outcome: 'failed', message: 'The promise is never settled' };
    return state.type === 'fulfilled' ? this.output(state.value) : this.failure(state.error);
  }

  private get isOver(): boolean {
    return performance.now() > this.deadline;
  }

  /** Goes on until the value is there, or nothing is left that could make it. */
  private async settle(value: QuickJSHandle): Promise<void> {
    this.doJobs();
    while (this.bridge?.isWaiting && !this.isOver && this.vm.getPromiseState(value).type === 'pending') {
      await this.bridge.next(this.deadline - performance.now());
      this.doJobs();
    }
  }

  /** What is waiting may call for more of itself without end. */
  private doJobs(): void {
    const { runtime } = this.vm;
    while (runtime.hasPendingJob() && !this.isOver) runtime.executePendingJobs(JOBS_AT_ONCE);
  }

  private output(value: QuickJSHandle): Outcome {
    const result = this.vm.callMethod(this.tools, 'json', [value]);
    if ('error' in result && result.error) return this.failure(result.error);
    if (this.vm.typeof(result.value) !== 'string') return { outcome: 'done' };
    const output = this.textOf(result.value, MAX_OUTPUT_CHARS);
    if (output !== undefined) return { outcome: 'done', output };
    return { outcome: 'too_large', message: `The result has more than ${MAX_OUTPUT_CHARS} characters as JSON` };
  }

  private failure(error: QuickJSHandle): Outcome {
    if (this.isOver) return this.timedOut();
    this.deadline = Math.min(this.deadline, performance.now() + LAST_WORDS_MS);
    const result = this.vm.callMethod(this.tools, 'describe', [error]);
    const message = 'error' in result && result.error ? undefined : this.textOf(result.value, MAX_MESSAGE_CHARS);
    return { outcome: 'failed', message: message ?? 'It threw what cannot be shown' };
  }

  private timedOut(): Outcome {
    return { outcome: 'timed_out', message: 'The program took too long' };
  }

  private log(line: string | undefined): void {
    if (line !== undefined && this.logs.length < MAX_LOGS) this.logs.push(line);
  }

  /** Undefined for what is no string, or one too long to be brought out. */
  private textOf(handle: QuickJSHandle | undefined, maxChars: number): string | undefined {
    if (!handle || this.vm.typeof(handle) !== 'string') return undefined;
    const chars = this.vm.getNumber(this.vm.getProp(handle, 'length'));
    return chars <= maxChars ? this.vm.getString(handle) : undefined;
  }
}
