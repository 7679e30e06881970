import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatchRefusedError, StepFailure } from './errors.js';
import type { RunContext, StepContext } from './program.js';
import { StepRunner } from './step-runner.js';
import { EngineHarness } from './testing/engine-harness.js';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe(StepRunner.name, () => {
  let at: EngineHarness;

  beforeEach(() => {
    at = new EngineHarness();
  });
  afterEach(() => at.close());

  it('answers the recorded value the first time too', async () => {
    const seen: unknown[] = [];
    await at.worker({
      flow: async (ctx) => {
        seen.push(await ctx.step('a', () => Promise.resolve({ at: new Date(0), gone: undefined })));
      },
    });
    await at.ended(await at.create('flow'));
    expect(seen).toEqual([{ at: '1970-01-01T00:00:00.000Z' }]);
  });

  it('does not store a result twice that stands in its event', async () => {
    await at.worker({
      flow: (ctx) =>
        ctx.step('a', () => Promise.resolve({ text: 'hello' }), {
          completed: (output) => ({ type: 'node.completed', data: { output } }),
        }),
    });
    const run = await at.ended(await at.create('flow'));
    expect(run.rows[1]).toMatchObject({ name: 'node.completed', record: '{"k":"a","in":"output"}' });
    expect(run.output).toBe('{"text":"hello"}');
  });

  it('commits what a result emits with it, once, in however many ways the program says so', async () => {
    const told = { type: 'told', data: { n: 1 } };
    const work = () => Promise.resolve(1);
    await at.worker({
      flow: async (ctx) => {
        await ctx.step('a', work, { emits: (n) => [[`told:${n}`, { type: 'told', data: { n } }]] });
        ctx.emit('told:1', told);
        await ctx.waitFor('go');
      },
    });
    const runId = await at.create('flow');
    await at.until(() => at.run(runId).status === 'waiting', 'the run to wait');
    await at.stores.queue.signal(runId, 'go', '{}');
    const { rows } = await at.ended(runId);
    expect(rows.map(({ name }) => name).filter((name) => name !== 'execution.status')).toEqual([
      'execution.started',
      'execution.step.completed',
      'told',
      'execution.step.completed',
      'execution.completed',
    ]);
  });

  it('streams text with offsets, and starts at 0 again in the next attempt', async () => {
    let attempts = 0;
    await at.worker({
      flow: (ctx) =>
        ctx.step(
          'llm',
          (step) => {
            step.chunk('ab');
            step.chunk('€');
            step.chunk('d');
            if ((attempts += 1) === 1) throw new StepFailure({ code: 'X', message: 'x' }, { retryable: true });
            return Promise.resolve('ab€d');
          },
          { retry: { maxAttempts: 2, baseDelayMs: 1 } },
        ),
    });
    await at.ended(await at.create('flow'));
    const pieces = at.chunks.map(({ attempt, offset, text }) => [attempt, offset, text]);
    const once = (attempt: number) => [
      [attempt, 0, 'ab'],
      [attempt, 2, '€'],
      [attempt, 3, 'd'],
    ];
    expect(pieces).toEqual([...once(1), ...once(2)]);
  });

  it('ends an attempt that takes too long, aborts its work and hears nothing more of it', async () => {
    const aborted: boolean[] = [];
    await at.worker({
      flow: (ctx) =>
        ctx.step(
          'slow',
          async (step) => {
            const { signal } = step;
            await pause(60);
            aborted.push(signal.aborted);
            step.chunk('late');
            return 'late';
          },
          { timeoutMs: 20 },
        ),
    });
    const run = await at.ended(await at.create('flow'));
    await at.until(() => aborted.length > 0, 'the work to end');
    expect(JSON.parse(run.error ?? '')).toMatchObject({ code: 'STEP_TIMED_OUT' });
    expect([aborted, at.chunks]).toEqual([[true], []]);
  });

  it('puts a large result into a blob and gives it back in a replay', async () => {
    const text = 'x'.repeat(100_000);
    await at.worker({
      flow: async (ctx) => {
        const value = await ctx.step('large', () => Promise.resolve(text));
        await ctx.waitFor('go');
        return value.length;
      },
    });
    const id = await at.create('flow');
    await at.until(() => at.run(id).status === 'waiting', 'the run to wait');
    expect(at.run(id).rows[1]?.record).toMatch(/"blob":/);
    await at.stores.queue.signal(id, 'go', '{}');
    expect((await at.ended(id)).output).toBe('100000');
  });

  it('never writes a secret, nor streams one', async () => {
    await at.worker(
      {
        flow: (ctx) =>
          ctx.step('a', (step) => {
            for (const piece of ['the key is s3', 'cret', ', an', ' s3']) step.chunk(piece);
            return Promise.resolve('s3cret');
          }),
      },
      {
        mask: {
          apply: (text) => text.replaceAll('s3cret', '[masked]'),
          openEnd: (text) => (text.endsWith('s3') ? 2 : 0),
        },
      },
    );
    const run = await at.ended(await at.create('flow'));
    expect(JSON.stringify([run.rows, run.output])).not.toContain('s3cret');
    expect(at.chunks.map(({ offset, text }) => [offset, text])).toEqual([
      [0, 'the key is '],
      [11, '[masked]'],
      [19, ', an'],
      [23, ' '],
      [24, 's3'],
    ]);
    expect(run.output).toBe('"[masked]"');
  });

  describe('that overlap their commits', () => {
    /** Holds commits up until they are let go. */
    function holdCommits(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      const { journal } = at.stores;
      const append = journal.append.bind(journal);
      journal.append = async (batch) => {
        if (batch.some(({ rows }) => rows.some(({ record }) => record !== null))) await promise;
        return append(batch);
      };
      return resolve;
    }

    it('let the program go on, but nobody hears of what follows before they are committed', async () => {
      const letGo = holdCommits();
      const done: string[] = [];
      await at.worker({
        flow: async (ctx) => {
          await ctx.step('read', async () => void done.push('read'), { overlapsCommit: true });
          await ctx.step('llm', async (step) => {
            step.chunk('Hello');
            done.push('llm');
          });
        },
      });
      const id = await at.create('flow');
      await at.until(() => done.length === 2, 'the second step');
      await pause(10);
      expect([done, at.names(id), at.chunks]).toEqual([['read', 'llm'], [], []]);
      letGo();
      await at.ended(id);
      expect(at.chunks.map(({ text }) => text)).toEqual(['Hello']);
      expect(at.names(id)).toEqual([
        'execution.started',
        'execution.step.completed',
        'execution.step.completed',
        'execution.completed',
      ]);
    });

    it('keep what a later step says before its end, though it is over first', async () => {
      const letGo = holdCommits();
      const speak = async (step: StepContext) => step.chunk(`text of ${step.key}`);
      await at.worker({
        flow: async (ctx) => {
          await ctx.step('read', () => Promise.resolve(1), { overlapsCommit: true });
          await ctx.step('tool', speak, { overlapsCommit: true });
          await ctx.step('llm', speak);
        },
      });
      const id = await at.create('flow');
      await pause(20);
      expect(at.told).toEqual([]);
      letGo();
      await at.ended(id);
      expect(at.told).toEqual([
        'committed read',
        'ended read',
        'text of tool',
        'committed tool',
        'ended tool',
        'text of llm',
        'committed llm',
        'ended llm',
      ]);
    });

    it('keep for themselves what followed when their run is another holder’s', async () => {
      const { journal } = at.stores;
      const append = journal.append.bind(journal);
      journal.append = async (batch) => {
        if (!JSON.stringify(batch).includes('read')) return append(batch);
        await pause(10);
        return batch.map(() => ({ kind: 'lease_lost' }));
      };
      let wasAborted = false;
      await at.worker({
        flow: async (ctx) => {
          await ctx.step('first', () => Promise.resolve(0));
          await ctx.step('read', () => Promise.resolve(1), { overlapsCommit: true });
          await ctx.step('llm', async (step) => {
            step.chunk('text');
            step.signal.addEventListener('abort', () => (wasAborted = true));
            await pause(100);
          });
        },
      });
      await at.create('flow');
      await at.until(() => wasAborted, 'the run to be lost');
      expect(at.chunks).toEqual([]);
    });

    it('are heard where the journal has them, behind what is on its way', async () => {
      const letGo = holdCommits();
      const heard: string[] = [];
      const steps = ['plain', 'overlapping'] as const;
      await at.worker({
        flow: (ctx) =>
          Promise.all(
            steps.map(async (key) => {
              const work = () => pause(key === 'plain' ? 0 : 10);
              await ctx.step(key, work, { overlapsCommit: key === 'overlapping' });
              heard.push(key);
            }),
          ),
      });
      const id = await at.create('flow');
      await pause(40);
      expect(heard).toEqual([]);
      letGo();
      await at.ended(id);
      expect(heard).toEqual(['plain', 'overlapping']);
    });

    it('begin nothing that must not be repeated before they are committed', async () => {
      const letGo = holdCommits();
      let calls = 0;
      await at.worker({
        flow: async (ctx) => {
          await ctx.step('read', () => Promise.resolve(1), { overlapsCommit: true });
          await ctx.step('pay', async () => (calls += 1), { onInterrupted: 'fail' });
        },
      });
      const id = await at.create('flow');
      await pause(40);
      expect(calls).toBe(0);
      letGo();
      await at.ended(id);
      expect(calls).toBe(1);
    });

    describe('and cannot be stored', () => {
      beforeEach(() => {
        const { journal } = at.stores;
        const append = journal.append.bind(journal);
        journal.append = async (batch) => {
          await pause(5);
          if (JSON.stringify(batch).includes('unstorable')) throw new BatchRefusedError('refused');
          return append(batch);
        };
      });

      const read = (ctx: RunContext) => ctx.step('read', () => Promise.resolve('unstorable'), { overlapsCommit: true });

      it.each<[string, (ctx: RunContext) => Promise<unknown>]>([
        ['it waits', (ctx) => ctx.waitFor('never')],
        ['it has ended', () => Promise.resolve('done')],
        ['it starts a child', (ctx) => ctx.child('child', 'flow', {})],
        ['it awaits an effect', (ctx) => ctx.transact('effect', () => Promise.resolve('done'))],
        [
          'it begins what must not be repeated',
          (ctx) => ctx.step('pay', () => Promise.resolve(1), { onInterrupted: 'fail' }),
        ],
        ['it has told of it', async (ctx) => ctx.emit('told', { type: 'told', data: {} })],
      ])('end the run, of which nothing else is kept: %s', async (_, goOn) => {
        const begun: string[] = [];
        await at.worker({
          flow: async (ctx) => {
            await read(ctx);
            return goOn({
              ...ctx,
              step: (key, work, options) => ctx.step(key, (step) => (begun.push(key), work(step)), options),
              transact: (key, work, options) => ctx.transact(key, (tx) => (begun.push(key), work(tx)), options),
            });
          },
        });
        const run = await at.ended(await at.create('flow'));
        expect(JSON.parse(run.error ?? '')).toMatchObject({ code: 'BATCH_REFUSED' });
        expect(run.rows.map(({ name }) => name)).toEqual(['execution.started', 'execution.failed']);
        expect([begun, at.stores.state.runs.size]).toEqual([[], 1]);
      });
    });
  });
});
