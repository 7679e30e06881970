import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import type { Ask } from '../workers/serve-jobs.ts';

const MAX_CALLS = 50;
const MAX_AT_ONCE = 5;
const MAX_QUESTION_CHARS = 1_000_000;

/**
 * Runs before the program: nothing it needs can be changed by that. What crosses the border is text, and each call is
 * the server's to allow.
 */
export const CALL_TOOL = `(ask) => {
  const { stringify, parse } = JSON;
  const { assign, hasOwn } = Object;
  const Failure = Error;
  globalThis.callTool = async (name, args = {}) => {
    const reply = parse(await ask(stringify([name, args])));
    if (hasOwn(reply, 'output')) return reply.output;
    const { code, message, details } = reply.error;
    throw assign(new Failure(code + ': ' + message), { code, details });
  };
}`;

/** The calls that a program has made of tools: they come back one by one, while the machine stands still. */
export class ToolBridge {
  private readonly vm: QuickJSContext;
  private readonly ask: Ask;
  private count = 0;
  private waiting = 0;
  private isClosed = false;
  private wake: () => void = () => {};

  constructor(vm: QuickJSContext, ask: Ask) {
    this.vm = vm;
    this.ask = ask;
  }

  install(): void {
    const { vm } = this;
    const ask = vm.newFunction('ask', (question) => this.start(question));
    vm.unwrapResult(vm.callFunction(vm.unwrapResult(vm.evalCode(CALL_TOOL)), vm.undefined, ask));
  }

  get isWaiting(): boolean {
    return this.waiting > 0;
  }

  /** Until a call is back, or the time is over. */
  async next(timeoutMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.wake = resolve;
    const timer = setTimeout(resolve, timeoutMs);
    await promise;
    clearTimeout(timer);
  }

  /** What comes back later finds nobody. */
  close(): void {
    this.isClosed = true;
  }

  private start(handle: QuickJSHandle): QuickJSHandle {
    const question = this.questionOf(handle);
    const { vm } = this;
    const promise = vm.newPromise();
    this.waiting += 1;
    void this.ask(question).then((reply) => {
      this.waiting -= 1;
      if (!this.isClosed) vm.newString(reply).consume((text) => promise.resolve(text));
      this.wake();
    });
    return promise.handle;
  }

  /** What is thrown here is thrown in the program. */
  private questionOf(handle: QuickJSHandle): string {
    const { vm } = this;
    if (this.waiting >= MAX_AT_ONCE) throw new Error(`At most ${MAX_AT_ONCE} calls of tools may wait at once`);
    if ((this.count += 1) > MAX_CALLS) throw new Error(`A program may call tools ${MAX_CALLS} times`);
    if (vm.typeof(handle) === 'string' && vm.getNumber(vm.getProp(handle, 'length')) <= MAX_QUESTION_CHARS) {
      return vm.getString(handle);
    }
    throw new Error(`The arguments have more than ${MAX_QUESTION_CHARS} characters as JSON`);
  }
}
