import type { NewRun } from './ports/run-queue.js';
import type { RunContext, StepOptions, WaitOptions } from './program.js';
import { stepAfterQuestions } from './interrupted-step.js';
import type { RunExecution } from './run-execution.js';

/** What a program sees of its run: each call becomes an ask at the mailbox. */
export function createRunContext(run: RunExecution, versionOf: (kind: string) => number): RunContext {
  const { lease, clock, mailbox } = run;
  const context: RunContext = {
    runId: lease.runId,
    ownerId: lease.ownerId,
    projectId: lease.projectId,
    traceId: lease.traceId,
    version: run.claimed.version,
    get signal() {
      return run.signal;
    },

    step: (key, work, options = {}) => {
      // The runner handles results as unknown; this call site is where their type is known.
      const plain = options as StepOptions<unknown>;
      if (plain.onInterrupted === 'ask') return stepAfterQuestions(run, context, key, work, plain);
      return mailbox.ask(key, 'work', () => run.steps.start(key, work, plain));
    },
    transact: (key, work, options = {}) =>
      mailbox.ask(key, 'work', () => run.transactions.start(key, work, options as StepOptions<unknown>)),
    emit: (key, event) => {
      if (!run.replay.emitted.has(key)) {
        run.replay.emitted.add(key);
        run.appender.push([run.rows.event(event, { k: key, emit: true })]);
      }
    },
    waitFor: (key, options = {}) =>
      mailbox.ask(key, 'wait', () => run.waits.startSignal(key, options as WaitOptions<unknown>)),
    sleepUntil: async (key, at) => {
      await mailbox.ask(key, 'wait', () => run.waits.startSleep(key, at));
    },
    child: (key, kind, input, options = {}) => {
      const { timeoutMs, refs } = options;
      const child: Omit<NewRun, 'parent'> = {
        id: clock.uuid(),
        kind,
        version: versionOf(kind),
        input: run.rows.encode(input),
        ownerId: lease.ownerId,
        projectId: lease.projectId,
        traceId: lease.traceId,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(refs === undefined ? {} : { refs }),
      };
      return mailbox.ask(key, 'child', () => run.waits.startChild(key, child, options));
    },
    now: async (key) => new Date(await context.step(key, () => Promise.resolve(clock.now().toISOString()))),
    uuid: (key) => context.step(key, () => Promise.resolve(clock.uuid())),
  };
  return context;
}
