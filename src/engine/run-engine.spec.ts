import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunFailure, StepFailure } from './errors.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { RunContext } from './program.js';
import { RunEngine } from './run-engine.js';
import { EngineHarness } from './testing/engine-harness.js';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe(RunEngine.name, () => {
  let at: EngineHarness;

  beforeEach(() => {
    at = new EngineHarness();
  });
  afterEach(() => at.close());

  describe('ends', () => {
    it('tells a failure the program foresaw from a bug', async () => {
      await at.worker({
        foreseen: () => Promise.reject(new RunFailure({ code: 'NO_OUTPUT', message: 'none' }, { partial: 1 })),
        bug: () => Promise.reject(new TypeError('oops')),
      });
      const foreseen = await at.ended(await at.create('foreseen'));
      expect([foreseen.status, foreseen.error, foreseen.output]).toEqual([
        'failed',
        '{"code":"NO_OUTPUT","message":"none"}',
        '{"partial":1}',
      ]);
      const bug = await at.ended(await at.create('bug'));
      expect(bug.error).toBe('{"code":"PROGRAM_ERROR","message":"oops"}');
      expect(at.faults).toEqual(['a program failed in an unforeseen way']);
    });

    it('fails a program that uses a key twice', async () => {
      await at.worker({
        flow: async (ctx) => {
          await ctx.step('a', () => Promise.resolve(1));
          await ctx.step('a', () => Promise.resolve(2));
        },
      });
      expect((await at.ended(await at.create('flow'))).error).toContain('PROGRAM_NOT_DETERMINISTIC');
    });

    it('fails a run that grows too long', async () => {
      const limits = { ...DEFAULT_LIMITS, maxSteps: 5 };
      const endless = async (ctx: RunContext) => {
        for (let n = 0; ; n += 1) await ctx.step(`s${n}`, () => Promise.resolve(n));
      };
      await at.worker({ flow: endless }, { limits });
      expect((await at.ended(await at.create('flow'))).error).toContain('RUN_TOO_LONG');
    });

    it('fails a run at its time limit, also while it waits, and takes its children with it', async () => {
      await at.worker({ parent: (ctx) => ctx.child('c', 'child', {}), child: (ctx) => ctx.waitFor('never') });
      const parent = await at.ended(await at.create('parent', { timeoutMs: 150 }));
      expect(parent.error).toContain('RUN_TIMED_OUT');
      const [child] = at.stores.state.childrenOf(parent.spec.id).values();
      expect((await at.ended(child?.spec.id ?? '')).status).toBe('cancelled');
    });
  });

  it('takes a child with it that was on its way when it ended', async () => {
    const { journal } = at.stores;
    const append = journal.append.bind(journal);
    journal.append = async (batch) => {
      if (batch.some(({ children }) => children.length > 0)) await pause(30);
      return append(batch);
    };
    await at.worker({
      parent: async (ctx) => {
        void ctx.child('c', 'child', {});
        await ctx.step('read', () => Promise.resolve(1), { overlapsCommit: true });
        throw new RunFailure({ code: 'X', message: 'x' });
      },
      child: (ctx) => ctx.waitFor('never'),
    });
    const parent = await at.ended(await at.create('parent'));
    const [child] = at.stores.state.childrenOf(parent.spec.id).values();
    expect((await at.ended(child?.spec.id ?? '')).status).toBe('cancelled');
  });

  describe('steering', () => {
    it('cancels the tree: steps are aborted, children end, and cancelled is the last word', async () => {
      let wasAborted = false;
      const engine = await at.worker({
        parent: (ctx) => ctx.child('c', 'child', {}),
        child: (ctx) =>
          ctx.step('slow', (step) => {
            const { signal } = step;
            return new Promise((_, reject) => {
              signal.addEventListener('abort', () => {
                wasAborted = true;
                reject(new Error('aborted'));
              });
            });
          }),
      });
      const id = await at.create('parent');
      await at.until(() => engine.stepsInProgress === 1, 'the child to work');
      expect(await engine.cancel(id, 'enough')).toBe('requested');
      const run = await at.ended(id);
      const [child] = at.stores.state.childrenOf(id).values();
      await at.ended(child?.spec.id ?? '');
      expect([run.status, child?.status, wasAborted]).toEqual(['cancelled', 'cancelled', true]);
      expect(run.rows.at(-1)).toMatchObject({
        name: 'execution.cancelled',
        payload: `{"run_id":"${id}","reason":"enough"}`,
      });
      expect(engine.stepsInProgress).toBe(0);
    });

    it('pauses behind the step under way and goes on after a resume', async () => {
      const done: string[] = [];
      const engine = await at.worker({
        flow: async (ctx) => {
          for (const key of ['a', 'b']) await ctx.step(key, () => pause(40).then(() => void done.push(key)));
        },
      });
      const id = await at.create('flow');
      await at.until(() => engine.stepsInProgress === 1, 'the first step');
      await engine.pause(id);
      await at.until(() => at.run(id).status === 'paused', 'the pause');
      expect([done, at.names(id).at(-1), engine.activeRuns]).toEqual([['a'], 'execution.paused', 0]);
      await engine.resume(id);
      await at.ended(id);
      expect(done).toEqual(['a', 'b']);
      expect(at.names(id)).toEqual([
        'execution.started',
        'execution.step.completed',
        'execution.paused',
        'execution.resumed',
        'execution.step.completed',
        'execution.completed',
      ]);
    });

    it('keeps no run in memory that only waits, and lets parents wait without a place', async () => {
      const engine = await at.worker(
        {
          parent: (ctx) => ctx.child('c', 'child', {}),
          child: (ctx) => ctx.step('work', () => Promise.resolve('done')),
          sleeper: (ctx) => ctx.sleepUntil('s', new Date(Date.now() + 60_000)),
        },
        { maxRuns: 1, stepSlots: 1 },
      );
      for (let n = 0; n < 20; n += 1) await at.create('sleeper');
      const parents = await Promise.all(Array.from({ length: 5 }, () => at.create('parent')));
      for (const id of parents) expect((await at.ended(id)).output).toBe('"done"');
      await at.until(() => engine.activeRuns === 0, 'the sleepers to leave');
    });

    it('goes on in memory after a child that ends soon, and without a run in memory after one that does not', async () => {
      await at.worker({
        parent: (ctx, { key }: { key: string }) => ctx.child('c', key, {}),
        quick: () => Promise.resolve('done'),
        slow: (ctx) => ctx.waitFor('go'),
      });
      const quick = await at.create('parent', { input: '{"key":"quick"}' });
      expect((await at.ended(quick)).epoch).toBe(1);
      const slow = await at.create('parent', { input: '{"key":"slow"}' });
      await at.until(() => at.run(slow).status === 'waiting', 'the parent to be let go');
      await at.stores.queue.signal(at.stores.state.childrenOf(slow).get('c')?.spec.id ?? '', 'go', '1');
      expect((await at.ended(slow)).epoch).toBe(2);
    });

    it('begins children at once, not at the next poll', async () => {
      const child = (ctx: RunContext) => ctx.step('work', () => Promise.resolve('done'));
      await at.worker({ parent: (ctx) => ctx.child('c', 'child', {}), child }, { pollMs: 60_000 });
      expect((await at.ended(await at.create('parent'))).output).toBe('"done"');
    });

    it('hands runs back at a drain, and another process goes on without a takeover', async () => {
      const programs = {
        flow: async (ctx: RunContext) => {
          await ctx.step('a', () => pause(30));
          await ctx.step('b', () => Promise.resolve());
        },
      };
      const first = await at.worker(programs);
      const id = await at.create('flow');
      await at.until(() => first.stepsInProgress === 1, 'the first step');
      const drained = first.drain(1_000);
      await at.worker(programs);
      await drained;
      await at.ended(id);
      expect(at.names(id)).not.toContain('execution.claimed');
      expect(at.names(id).filter((name) => name === 'execution.step.completed')).toHaveLength(2);
    });
  });

  describe('a drain that does not wait for a step', () => {
    it('hands it over as another attempt, under the same idempotency key', async () => {
      const calls: Array<readonly [string, number]> = [];
      const program = (hangs: boolean) => ({
        flow: (ctx: RunContext) =>
          ctx.step('llm', (step) => {
            calls.push([step.idempotencyKey, step.attempt]);
            step.chunk(hangs ? 'half an ans' : 'another answer');
            return hangs ? new Promise(() => undefined) : Promise.resolve('another answer');
          }),
      });
      const first = await at.worker(program(true));
      const id = await at.create('flow');
      await at.until(() => calls.length === 1, 'the first call');
      await first.drain(0);
      await at.worker(program(false));
      await at.ended(id);
      expect(calls).toEqual([
        [`${id}:llm`, 1],
        [`${id}:llm`, 2],
      ]);
      // Readers put pieces of one attempt together: those of two calls must not meet in one.
      expect(at.chunks.map(({ attempt, offset, text }) => [attempt, offset, text])).toEqual([
        [1, 0, 'half an ans'],
        [2, 0, 'another answer'],
      ]);
      expect(at.names(id)).not.toContain('execution.claimed');
    });

    it('does not count it as a failure', async () => {
      let calls = 0;
      const program = {
        flow: (ctx: RunContext) =>
          ctx.step(
            'llm',
            () => {
              calls += 1;
              if (calls === 1) return new Promise(() => undefined);
              if (calls === 2) throw new StepFailure({ code: 'BUSY', message: 'busy' }, { retryable: true });
              return Promise.resolve('answer');
            },
            { retry: { maxAttempts: 2, baseDelayMs: 1 } },
          ),
      };
      const first = await at.worker(program);
      const id = await at.create('flow');
      await at.until(() => calls === 1, 'the first call');
      await first.drain(0);
      await at.worker(program);
      expect((await at.ended(id)).output).toBe('"answer"');
    });
  });

  describe('after a crash', () => {
    it('repeats the step in flight with the same idempotency key and another attempt number', async () => {
      const calls: Array<readonly [string, number]> = [];
      const program = (hangs: boolean) => ({
        flow: async (ctx: RunContext) => {
          await ctx.step('before', () => Promise.resolve());
          return ctx.step('llm', (step) => {
            calls.push([step.idempotencyKey, step.attempt]);
            return hangs ? new Promise(() => undefined) : Promise.resolve('answer');
          });
        },
      });
      const first = await at.worker(program(true), { leaseMs: 100 });
      const id = await at.create('flow');
      await at.until(() => calls.length === 1, 'the first call');
      first.kill();
      await at.worker(program(false));
      expect((await at.ended(id)).output).toBe('"answer"');
      expect(calls).toEqual([
        [`${id}:llm`, 1],
        [`${id}:llm`, 2],
      ]);
      expect(at.names(id)).toContain('execution.claimed');
    });

    it.each([
      ['fail', undefined, 'failed'],
      ['ask', 'approve', 'completed'],
      ['ask', 'reject', 'failed'],
    ] as const)('does not repeat a step silently that says %s (%s)', async (onInterrupted, decision, status) => {
      let calls = 0;
      const program = (hangs: boolean) => ({
        flow: (ctx: RunContext) =>
          ctx.step('pay', () => ((calls += 1), hangs ? new Promise(() => undefined) : Promise.resolve('paid')), {
            onInterrupted,
          }),
      });
      const first = await at.worker(program(true), { leaseMs: 100 });
      const id = await at.create('flow');
      await at.until(() => calls === 1, 'the first call');
      first.kill();
      await at.worker(program(false));
      await at.until(() => ['waiting', 'failed'].includes(at.run(id).status), 'the question or the end');
      expect(at.names(id).includes('approval.requested')).toBe(onInterrupted === 'ask');
      await at.stores.queue.signal(id, 'interrupted:1:pay', JSON.stringify({ decision }));
      expect((await at.ended(id)).status).toBe(status);
      expect(calls).toBe(decision === 'approve' ? 2 : 1);
    });
  });

  describe('versions', () => {
    it('leaves a journal alone that it cannot replay', async () => {
      await at.worker({ flow: () => Promise.resolve('done') });
      const old = await at.create('flow', { version: 0 });
      const current = await at.create('flow');
      await at.ended(current);
      await pause(60);
      expect(at.run(old)).toMatchObject({ status: 'queued', epoch: 0 });
    });
  });
});
