import { RecordedFailure, RunFailure } from '../../src/engine/errors.js';
import type { ProgramDefinition, RunContext, RunEvent } from '../../src/engine/program.js';
import type { Random } from './random.js';
import type { World } from './world.js';

/** What a simulated run does. A program is a list of these; a run's input is its list. */
export type Op =
  | {
      readonly op: 'step';
      readonly key: string;
      /** Retryable failures before it succeeds; more than the policy allows fails it. */
      readonly failures: number;
      /** How often it is held before it may begin: each pauses the tree, and uses up no attempt. */
      readonly holds: number;
      readonly events: number;
      readonly durationMs: number;
      readonly size: number;
      readonly guard: 'retry' | 'fail' | 'ask';
      readonly overlapsCommit: boolean;
    }
  | { readonly op: 'effect'; readonly key: string }
  | { readonly op: 'poison'; readonly key: string; readonly overlapsCommit: boolean }
  | { readonly op: 'emit'; readonly key: string }
  | { readonly op: 'now'; readonly key: string }
  | { readonly op: 'uuid'; readonly key: string }
  | { readonly op: 'wait'; readonly key: string; readonly announced: boolean; readonly timeoutMs: number | null }
  | { readonly op: 'sleep'; readonly key: string; readonly ms: number }
  | { readonly op: 'child'; readonly key: string; readonly announced: boolean; readonly program: SimProgram }
  | { readonly op: 'par'; readonly key: string; readonly branches: readonly (readonly Op[])[] }
  | { readonly op: 'throw'; readonly key: string };

export interface SimProgram {
  readonly ops: readonly Op[];
}

/** What the program saw, in the order in which it saw it. */
export type Trace = Array<readonly [key: string, value: unknown]>;

export const MAX_ATTEMPTS = 3;
export const POISON = 'POISON';
export const KIND = 'sim';

export function makeProgram(random: Random, depth = 2): SimProgram {
  const counter = { n: 0 };
  const ops = makeOps(random, depth, counter, random.int(1, 6));
  const isFailing = random.chance(0.08);
  return { ops: isFailing ? [...ops, { op: 'throw', key: 'throw' }] : ops };
}

function makeOps(random: Random, depth: number, counter: { n: number }, length: number): readonly Op[] {
  return Array.from({ length }, () => makeOp(random, depth, counter));
}

function makeOp(random: Random, depth: number, counter: { n: number }): Op {
  const key = `k${counter.n++}`;
  const roll = random.next();
  if (roll < 0.42) return makeStep(random, key);
  if (roll < 0.5) return { op: 'effect', key };
  if (roll < 0.53) return { op: 'poison', key, overlapsCommit: random.chance(0.1) };
  if (roll < 0.62) return { op: 'emit', key };
  if (roll < 0.65) return { op: 'now', key };
  if (roll < 0.67) return { op: 'uuid', key };
  if (roll < 0.75) {
    return {
      op: 'wait',
      key,
      announced: random.chance(0.6),
      timeoutMs: random.chance(0.3) ? random.int(50, 8_000) : null,
    };
  }
  if (roll < 0.81) return { op: 'sleep', key, ms: random.int(0, 6_000) };
  if (depth === 0) return makeStep(random, key);
  if (roll < 0.89) return { op: 'child', key, announced: random.chance(0.5), program: makeProgram(random, depth - 1) };
  return {
    op: 'par',
    key,
    branches: Array.from({ length: random.int(2, 4) }, () => makeBranch(random, depth, counter)),
  };
}

/** Some fail while others are under way. */
function makeBranch(random: Random, depth: number, counter: { n: number }): readonly Op[] {
  const ops = makeOps(random, depth - 1, counter, random.int(1, 3));
  return random.chance(0.02) ? [...ops, { op: 'throw', key: `k${counter.n++}` }] : ops;
}

function makeStep(random: Random, key: string): Op {
  return {
    op: 'step',
    key,
    failures: random.chance(0.2) ? random.int(1, MAX_ATTEMPTS) : 0,
    holds: random.chance(0.06) ? random.int(1, 2) : 0,
    events: random.chance(0.3) ? random.int(1, 2) : 0,
    durationMs: random.chance(0.2) ? 0 : random.int(1, 400),
    size: random.chance(0.1) ? 600 : 0,
    guard: random.chance(0.1) ? random.pick(['fail', 'ask'] as const) : 'retry',
    overlapsCommit: random.chance(0.3),
  };
}

/** Whether a program does something of a kind, its children aside. */
export function does(ops: readonly Op[], isMeant: (op: Op) => boolean): boolean {
  return ops.some((op) => isMeant(op) || (op.op === 'par' && op.branches.some((branch) => does(branch, isMeant))));
}

/** The program of all simulated runs of one worker. */
export function simProgram(world: World, workerName: string): ProgramDefinition<SimProgram, Trace> {
  return {
    kind: KIND,
    version: 1,
    run: async (ctx, input) => {
      const trace: Trace = [];
      await runOps(ctx, input.ops, trace, { world, workerName });
      return trace;
    },
  };
}

interface Actor {
  readonly world: World;
  readonly workerName: string;
}

async function runOps(ctx: RunContext, ops: readonly Op[], trace: Trace, actor: Actor): Promise<void> {
  for (const op of ops) await runOp(ctx, op, trace, actor);
}

async function runOp(ctx: RunContext, op: Op, trace: Trace, actor: Actor): Promise<void> {
  if (op.op === 'throw') throw new RunFailure({ code: 'SIM_THROWN', message: 'as programmed' });
  if (op.op === 'emit') return ctx.emit(op.key, { type: 'sim.emitted', data: { key: op.key } });
  if (op.op === 'par') {
    await Promise.all(op.branches.map((branch) => runOps(ctx, branch, trace, actor)));
    // Which key comes next depends on who came last: a replay that settles in another order asks for another key.
    const last = trace.at(-1)?.[0] ?? 'nobody';
    const key = `${op.key}:after:${last}`;
    trace.push([key, await ctx.step(key, () => Promise.resolve(last))]);
    return;
  }
  try {
    trace.push([op.key, await ask(ctx, op, actor)]);
  } catch (error) {
    if (!(error instanceof RecordedFailure)) throw error;
    trace.push([op.key, { failed: error.code }]);
  }
}

async function ask(ctx: RunContext, op: Exclude<Op, { op: 'throw' | 'emit' | 'par' }>, actor: Actor): Promise<unknown> {
  switch (op.op) {
    case 'step':
      return ctx.step(op.key, (step) => actor.world.work(ctx.runId, op, step, actor.workerName), {
        retry: { maxAttempts: MAX_ATTEMPTS, baseDelayMs: 50, maxDelayMs: 400 },
        onInterrupted: op.guard,
        overlapsCommit: op.overlapsCommit,
      });
    case 'effect':
      return ctx.transact(op.key, (tx) => actor.world.effect(ctx.runId, op.key, tx));
    case 'poison':
      return ctx.step(op.key, () => Promise.resolve(POISON), { overlapsCommit: op.overlapsCommit });
    case 'now':
      return (await ctx.now(op.key)).toISOString();
    case 'uuid':
      return ctx.uuid(op.key);
    case 'wait':
      return ctx.waitFor(op.key, {
        ...(op.announced ? { requested: { type: 'sim.asked', data: { key: op.key } } } : {}),
        ...(op.timeoutMs === null ? {} : { timeoutMs: op.timeoutMs }),
      });
    case 'sleep': {
      const from = await ctx.now(`${op.key}:from`);
      await ctx.sleepUntil(op.key, new Date(from.getTime() + op.ms));
      return null;
    }
    case 'child':
      return ctx.child(op.key, KIND, op.program, op.announced ? { started: (id) => childStarted(op.key, id) } : {});
  }
}

function childStarted(key: string, childRunId: string): RunEvent {
  return { type: 'sim.child', data: { key, child_run_id: childRunId } };
}
