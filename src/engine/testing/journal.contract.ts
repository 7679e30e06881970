import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatchRefusedError } from '../errors.js';
import {
  appendOf,
  childOf,
  newRun,
  row,
  StoreDriver,
  type MakeStores,
  PAST_LEASE_MS,
  SHORT_LEASE_MS,
} from './stores.js';

const DONE = { to: 'completed', output: '{"ok":true}' } as const;
const CANCELLED = { to: 'cancelled', error: '{"code":"CANCELLED","message":"cancelled"}' } as const;

/** Every adapter of `Journal` and `BlobStore` passes this. */
export function describeJournal(name: string, makeStores: MakeStores): void {
  describe(`${name} as a Journal`, () => {
    let at: StoreDriver;

    beforeEach(async () => {
      at = new StoreDriver(await makeStores());
    });
    afterEach(() => at.stores.close());

    describe('append', () => {
      it('keeps names, texts and order, and loads what came after a seq', async () => {
        const lease = await at.started();
        const rows = [
          row('a', '{"b":1,  "a":"ü€😀"}', '[1, 2]'),
          row('b', '"it\'s \\\\ \\"quoted\\", {braces}"'),
          row('c', '3.10', 'null'),
        ];
        expect(await at.append(appendOf(lease, 1, rows))).toEqual({ kind: 'committed', at: expect.any(Date) });
        const { rows: loaded } = await at.stores.journal.load(lease, 0);
        expect(loaded.map(({ seq, name, payload, record }) => ({ seq, name, payload, record }))).toEqual(
          rows.map((stored, index) => ({ seq: index + 1, ...stored })),
        );
        expect((await at.stores.journal.load(lease, 2)).rows.map((entry) => entry.seq)).toEqual([3]);
      });

      it('answers the same instant that the rows carry', async () => {
        const lease = await at.started();
        const outcome = await at.append(appendOf(lease, 1, [row('a'), row('b')]));
        const { rows: loaded } = await at.stores.journal.load(lease, 0);
        expect(loaded.map((entry) => entry.at)).toEqual(
          outcome.kind === 'committed' ? [outcome.at, outcome.at] : 'committed',
        );
      });

      it('commits rows of many runs in one batch, each into its own stream', async () => {
        const worker = await at.worker();
        await at.stores.queue.create(Array.from({ length: 40 }, () => newRun()));
        const leases = (await at.claim(worker, 40)).map((run) => run.lease);
        const outcomes = await at.stores.journal.append(
          leases.map((lease, index) => appendOf(lease, 1, [row(`first:${index}`), row(`second:${index}`)])),
        );
        expect(outcomes.map((outcome) => outcome.kind)).toEqual(leases.map(() => 'committed'));
        for (const [index, lease] of leases.entries()) {
          expect(await at.names(lease)).toEqual([`first:${index}`, `second:${index}`]);
        }
      });

      it('answers lease_lost when the seq is taken, and writes nothing', async () => {
        const lease = await at.started();
        await at.append(appendOf(lease, 1, [row('first')]));
        expect(await at.append(appendOf(lease, 1, [row('again'), row('more')]))).toEqual({ kind: 'lease_lost' });
        expect(await at.names(lease)).toEqual(['first']);
      });

      it('refuses a whole batch in which one seq is taken, so that the caller tries one by one', async () => {
        const worker = await at.worker();
        const taken = await at.started(worker);
        const free = await at.started(worker);
        await at.append(appendOf(taken, 1, [row('first')]));
        const batch = [appendOf(taken, 1, [row('again')]), appendOf(free, 1, [row('mine')])];
        await expect(at.stores.journal.append(batch)).rejects.toBeInstanceOf(BatchRefusedError);
        expect(await at.names(free)).toEqual([]);
        expect(await at.stores.journal.append(batch.slice(0, 1))).toEqual([{ kind: 'lease_lost' }]);
        expect((await at.append(batch[1]!)).kind).toBe('committed');
      });

      it('refuses text that is not JSON, alone and in a batch, and keeps the others free to go', async () => {
        const worker = await at.worker();
        const bad = await at.started(worker);
        const good = await at.started(worker);
        const broken = appendOf(bad, 1, [row('bad', '{"a":')]);
        const batch = [broken, appendOf(good, 1, [row('good')])];
        await expect(at.stores.journal.append(batch)).rejects.toBeInstanceOf(BatchRefusedError);
        await expect(at.stores.journal.append([broken])).rejects.toBeInstanceOf(BatchRefusedError);
        expect(await at.names(good)).toEqual([]);
        expect((await at.append(batch[1]!)).kind).toBe('committed');
      });

      it('gives each producer of a mixed batch its own outcome', async () => {
        const worker = await at.worker();
        const [plain, ending, cancelled, changed, stale, spawning] = [
          await at.started(worker),
          await at.started(worker),
          await at.started(worker),
          await at.started(worker),
          await at.started(worker),
          await at.started(worker),
        ];
        await at.stores.queue.cancel(cancelled.runId, null);
        await at.stores.queue.signal(changed.runId, 'key', '{}');
        const outcomes = await at.stores.journal.append([
          appendOf(plain, 1, [row('plain')]),
          appendOf(ending, 1, [row('end')], DONE),
          appendOf(cancelled, 1, [row('end')], DONE),
          appendOf(changed, 1, [row('wait')], { to: 'waiting', wakeAt: null, intentSeq: 0 }),
          appendOf({ ...stale, epoch: stale.epoch + 1 }, 1, [row('end')], DONE),
          { lease: spawning, firstSeq: 1, rows: [row('spawn')], children: [childOf(spawning, 'c')] },
        ]);
        expect(outcomes.map((outcome) => outcome.kind)).toEqual([
          'committed',
          'committed',
          'cancel_requested',
          'intents_changed',
          'lease_lost',
          'committed',
        ]);
        const streams = await Promise.all(
          [plain, ending, cancelled, changed, stale, spawning].map((lease) => at.names(lease)),
        );
        expect(streams).toEqual([['plain'], ['end'], [], [], [], ['spawn']]);
        expect(await at.claim(worker)).toHaveLength(1);
      });

      it('lets rows of a run that is being cancelled in: its last steps are recorded', async () => {
        const lease = await at.started();
        await at.stores.queue.cancel(lease.runId, null);
        expect((await at.append(appendOf(lease, 1, [row('late')]))).kind).toBe('committed');
      });
    });

    describe('fence', () => {
      it('shuts the old holder out once the new one has written', async () => {
        const old = await at.started(await at.worker(SHORT_LEASE_MS));
        await at.pass(PAST_LEASE_MS);
        await at.stores.queue.reap();
        const next = await at.claimOne(await at.worker());
        expect((await at.append(appendOf(next.lease, 1, [row('claimed')]))).kind).toBe('committed');
        expect(await at.append(appendOf(old, 1, [row('stale')]))).toEqual({ kind: 'lease_lost' });
        expect(await at.append(appendOf(old, 2, [row('stale')], DONE))).toEqual({ kind: 'lease_lost' });
        expect(await at.names(old)).toEqual(['claimed']);
      });

      it('refuses a transition and a child of another worker, epoch or an ended run', async () => {
        const lease = await at.started();
        const others = [
          { ...lease, epoch: lease.epoch + 1 },
          { ...lease, workerId: lease.workerId + 1_000 },
        ];
        for (const other of others) {
          expect((await at.append(appendOf(other, 1, [], DONE))).kind).toBe('lease_lost');
          const spawn = { ...appendOf(other, 1, [row('spawn')]), children: [childOf(other, 'c')] };
          expect((await at.append(spawn)).kind).toBe('lease_lost');
        }
        expect((await at.append(appendOf(lease, 1, [row('end')], DONE))).kind).toBe('committed');
        expect((await at.append(appendOf(lease, 2, [row('end')], DONE))).kind).toBe('lease_lost');
        expect(await at.names(lease)).toEqual(['end']);
      });
    });

    describe('load', () => {
      it('tells whether the lease is held in the same snapshot', async () => {
        const old = await at.started(await at.worker(SHORT_LEASE_MS));
        expect((await at.stores.journal.load(old, 0)).isHeld).toBe(true);
        await at.pass(PAST_LEASE_MS);
        await at.stores.queue.reap();
        expect((await at.stores.journal.load(old, 0)).isHeld).toBe(false);
        const next = await at.claimOne(await at.worker());
        expect((await at.stores.journal.load(old, 0)).isHeld).toBe(false);
        expect((await at.stores.journal.load(next.lease, 0)).isHeld).toBe(true);
        await at.append(appendOf(next.lease, 1, [row('end')], DONE));
        expect((await at.stores.journal.load(next.lease, 0)).isHeld).toBe(false);
      });
    });

    describe('transitions', () => {
      it('ends a run once, and nobody claims it again', async () => {
        const lease = await at.started();
        const failure = { to: 'failed', error: '{"code":"X","message":"x"}', output: null } as const;
        expect((await at.append(appendOf(lease, 1, [row('failed')], failure))).kind).toBe('committed');
        expect((await at.append(appendOf(lease, 2, [row('completed')], DONE))).kind).toBe('lease_lost');
        expect(await at.stores.queue.cancel(lease.runId, null)).toBe('ended');
        expect(await at.claim(await at.worker())).toEqual([]);
      });

      it('lets a cancelled run end as cancelled only', async () => {
        const lease = await at.started();
        await at.stores.queue.cancel(lease.runId, 'enough');
        for (const transition of [DONE, { to: 'failed', error: '{}', output: null } as const]) {
          expect((await at.append(appendOf(lease, 1, [row('end')], transition))).kind).toBe('cancel_requested');
        }
        expect((await at.append(appendOf(lease, 1, [row('cancelled')], CANCELLED))).kind).toBe('committed');
        expect(await at.stores.queue.cancel(lease.runId, null)).toBe('already_cancelled');
      });

      it('refuses to wait or pause when something came since', async () => {
        const lease = await at.started();
        await at.stores.queue.signal(lease.runId, 'answer', '{"x":1}');
        const waiting = { to: 'waiting', wakeAt: null, intentSeq: 0 } as const;
        expect((await at.append(appendOf(lease, 1, [row('w')], waiting))).kind).toBe('intents_changed');
        expect((await at.append(appendOf(lease, 1, [], { to: 'paused', intentSeq: 0 }))).kind).toBe('intents_changed');
        const now = { ...waiting, intentSeq: await at.intentSeq(lease) };
        expect((await at.append(appendOf(lease, 1, [row('w')], now))).kind).toBe('committed');
      });

      it('lets a run go without rows', async () => {
        const worker = await at.worker();
        const lease = await at.started(worker);
        expect((await at.append(appendOf(lease, 1, [], { to: 'queued' }))).kind).toBe('committed');
        const again = await at.claimOne(worker);
        expect(again.lease).toEqual({ ...lease, epoch: lease.epoch + 1 });
        expect(again.takeover).toBe(false);
      });

      it('wakes a parent that lets go in the batch in which its child ends', async () => {
        const worker = await at.worker();
        const parent = await at.started(worker);
        const child = await at.startedChild(parent, 1, 'c', worker);
        const outcomes = await at.stores.journal.append([
          appendOf(parent, 2, [row('w')], { to: 'waiting', wakeAt: null, intentSeq: await at.intentSeq(parent) }),
          appendOf(child, 1, [row('end')], DONE),
        ]);
        expect(outcomes[1]?.kind).toBe('committed');
        // Which of the two comes first is the adapter's choice: the parent is told, or woken.
        const parentKnows =
          outcomes[0]?.kind === 'committed'
            ? (await at.claimedIds(worker)).includes(parent.runId)
            : outcomes[0]?.kind === 'intents_changed';
        expect(parentKnows).toBe(true);
      });
    });

    describe('children', () => {
      it('starts a child once per key', async () => {
        const worker = await at.worker();
        const parent = await at.started(worker);
        const child = await at.startedChild(parent, 1, 'c', worker);
        expect(child).toMatchObject({
          parentRunId: parent.runId,
          rootRunId: parent.rootRunId,
          ownerId: parent.ownerId,
          traceId: parent.traceId,
        });
        const twin = { ...appendOf(parent, 2, [row('again')]), children: [childOf(parent, 'c')] };
        expect((await at.append(twin)).kind).toBe('committed');
        expect(await at.claim(worker)).toEqual([]);
      });

      it('starts several children in one append, and leaves those alone that are there', async () => {
        const worker = await at.worker();
        const parent = await at.started(worker);
        const first = await at.startedChild(parent, 1, 'a', worker);
        const children = ['a', 'b', 'c'].map((key) => childOf(parent, key));
        const several = { ...appendOf(parent, 2, [row('b'), row('c')]), children };
        expect((await at.append(several)).kind).toBe('committed');
        expect((await at.stores.journal.outcomeOf(several)).kind).toBe('committed');
        const claimed = await at.claimedIds(worker);
        expect(new Set(claimed)).toEqual(new Set(children.slice(1).map(({ id }) => id)));
        expect(claimed).not.toContain(first.runId);
      });

      it('starts no child of a cancelled tree, and cancels those that came before', async () => {
        const worker = await at.worker();
        const root = await at.started(worker);
        const child = await at.startedChild(root, 1, 'c', worker);
        expect(await at.stores.queue.cancel(root.runId, 'stop')).toBe('requested');
        for (const lease of [root, child]) {
          const spawn = { ...appendOf(lease, 2, [row('spawn')]), children: [childOf(lease, 'late')] };
          expect((await at.append(spawn)).kind).toBe('cancel_requested');
        }
        expect((await at.append(appendOf(child, 1, [row('end')], DONE))).kind).toBe('cancel_requested');
        expect((await at.append(appendOf(child, 1, [row('end')], CANCELLED))).kind).toBe('committed');
        expect(await at.claim(worker)).toEqual([]);
      });

      it('leaves no child uncancelled when children are started while the tree is cancelled', async () => {
        const worker = await at.worker();
        const roots = [await at.started(worker), await at.started(worker), await at.started(worker)];
        const spawned = roots.map((root) =>
          at.append({ ...appendOf(root, 1, [row('spawn')]), children: [childOf(root, 'c')] }),
        );
        const cancelled = roots.map((root) => at.stores.queue.cancel(root.runId, null));
        const outcomes = await Promise.all(spawned);
        await Promise.all(cancelled);
        const children = await at.claim(worker);
        expect(children).toHaveLength(outcomes.filter((outcome) => outcome.kind === 'committed').length);
        expect(children.every((child) => child.intents.cancelRequested)).toBe(true);
      });

      it('tells the parent how a child ended', async () => {
        const worker = await at.worker();
        const parent = await at.started(worker);
        const child = await at.startedChild(parent, 1, 'c', worker);
        const before = await at.intentSeq(parent);
        await at.append(appendOf(child, 1, [row('end')], DONE));
        expect(await at.intentSeq(parent)).toBe(before + 1);
        expect((await at.stores.queue.inbox(parent.runId)).endedChildren).toEqual([
          { key: 'c', runId: child.runId, status: 'completed', output: '{"ok":true}', error: null },
        ]);
      });
    });

    describe('outcomeOf', () => {
      it('tells rows that were committed from rows that were not', async () => {
        const lease = await at.started();
        const sent = appendOf(lease, 1, [row('a', '{"x": 1}', '[2]'), row('b')]);
        expect(await at.stores.journal.outcomeOf(sent)).toEqual({ kind: 'not_committed' });
        const outcome = await at.append(sent);
        expect(await at.stores.journal.outcomeOf(sent)).toEqual(outcome);
      });

      it('answers lease_lost when the seq holds other rows', async () => {
        const lease = await at.started();
        await at.append(appendOf(lease, 1, [row('a', '{"x":1}')]));
        for (const other of [row('b', '{"x":1}'), row('a', '{"x":2}'), row('a', '{"x":1}', '1')]) {
          expect(await at.stores.journal.outcomeOf(appendOf(lease, 1, [other]))).toEqual({ kind: 'lease_lost' });
        }
      });

      it('reads the control row for transitions without rows', async () => {
        const lease = await at.started();
        const sent = appendOf(lease, 1, [], { to: 'waiting', wakeAt: null, intentSeq: 0 });
        expect((await at.stores.journal.outcomeOf(sent)).kind).toBe('not_committed');
        await at.append(sent);
        expect((await at.stores.journal.outcomeOf(sent)).kind).toBe('committed');
      });

      it('knows children without rows by every one of them: some may have been there before', async () => {
        const lease = await at.started();
        const [old, fresh] = [childOf(lease, 'old'), childOf(lease, 'fresh')];
        await at.append({ ...appendOf(lease, 1, []), children: [old] });
        const sent = { ...appendOf(lease, 1, []), children: [old, fresh] };
        expect((await at.stores.journal.outcomeOf(sent)).kind).toBe('not_committed');
        await at.append(sent);
        expect((await at.stores.journal.outcomeOf(sent)).kind).toBe('committed');
      });

      it('answers lease_lost for a row-less transition when the run is another holder’s', async () => {
        const old = await at.started(await at.worker(SHORT_LEASE_MS));
        await at.pass(PAST_LEASE_MS);
        await at.stores.queue.reap();
        await at.claimOne(await at.worker());
        const sent = appendOf(old, 1, [], { to: 'queued' });
        expect((await at.stores.journal.outcomeOf(sent)).kind).toBe('lease_lost');
      });
    });

    describe('transact', () => {
      it('commits the effect and the rows together', async () => {
        const worker = await at.worker();
        const lease = await at.started(worker);
        const effect = newRun();
        const outcome = await at.stores.journal.transact(lease, 1, async (tx) => {
          await at.stores.queue.create([effect], tx);
          return [row('done', '{"a":1}')];
        });
        expect(outcome).toEqual({ kind: 'committed', at: expect.any(Date) });
        expect(await at.names(lease)).toEqual(['done']);
        expect(await at.claimedIds(worker)).toEqual([effect.id]);
      });

      it('rolls back when the work throws, and passes the error on', async () => {
        const worker = await at.worker();
        const lease = await at.started(worker);
        const failure = new Error('no');
        const attempt = at.stores.journal.transact(lease, 1, async (tx) => {
          await at.stores.queue.create([newRun()], tx);
          throw failure;
        });
        await expect(attempt).rejects.toBe(failure);
        expect(await at.names(lease)).toEqual([]);
        expect(await at.claim(worker)).toEqual([]);
      });

      it('rolls the effect back when the seq is taken', async () => {
        const worker = await at.worker();
        const lease = await at.started(worker);
        await at.append(appendOf(lease, 1, [row('first')]));
        const outcome = await at.stores.journal.transact(lease, 1, async (tx) => {
          await at.stores.queue.create([newRun()], tx);
          return [row('second')];
        });
        expect(outcome).toEqual({ kind: 'lease_lost' });
        expect(await at.claim(worker)).toEqual([]);
      });
    });

    describe('blobs', () => {
      it('gives back what was put, also above a part, and nothing to another run', async () => {
        const lease = await at.started();
        const other = await at.started();
        const content = JSON.stringify({ text: 'grüße😀'.repeat(400_000) });
        const id = await at.stores.blobs.put(lease.runId, content);
        expect((await at.stores.blobs.get(lease.runId, id)) === content).toBe(true);
        await expect(at.stores.blobs.get(other.runId, id)).rejects.toBeInstanceOf(Error);
        expect(await at.stores.blobs.get(lease.runId, await at.stores.blobs.put(lease.runId, ''))).toBe('');
      });
    });
  });
}
