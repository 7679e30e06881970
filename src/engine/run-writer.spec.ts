import { describe, expect, it } from 'vitest';
import type { Lease } from './ports/journal.js';
import type { NewRun } from './ports/run-queue.js';
import { RunWriter, type EntryOutcome, type RowsEntry } from './run-writer.js';

const row = (name: string) => ({ name, payload: '{}', record: null });
const settle = () => undefined;
const rows = (name: string): RowsEntry => ({ kind: 'rows', rows: [row(name)], children: [], settle });
// The writer looks at neither, but to hand them on.
const child = (id: string): RowsEntry => ({ ...rows(`started ${id}`), children: [{ id, input: '' } as NewRun] });
const end: RowsEntry = { ...rows('end'), transition: { to: 'queued' } };

describe(RunWriter.name, () => {
  /** What leaves, append by append: the names of its rows, and how many children. */
  function parcelsOf(
    entries: readonly RowsEntry[],
  ): Array<readonly [rows: number, children: number, firstSeq: number]> {
    const writer = new RunWriter({} as Lease, 1, () => undefined);
    for (const entry of entries) writer.push(entry);
    const parcels = [];
    for (let parcel = writer.takeParcel(); parcel; parcel = writer.takeParcel()) {
      const { rows: taken, children, firstSeq } = parcel.append;
      parcels.push([taken.length, children.length, firstSeq] as const);
      writer.done(parcel.entries, { kind: 'committed', at: new Date(0), firstSeq }, taken.length);
    }
    return parcels;
  }

  it('sends results and children together, and an end alone', () => {
    const entries = [rows('a'), rows('b'), child('1'), child('2'), rows('c'), end];
    expect(parcelsOf(entries)).toEqual([
      [5, 2, 1],
      [1, 0, 6],
    ]);
  });

  it('sends results without the children that were refused, in their order', () => {
    const heard: string[] = [];
    const hears = (entry: RowsEntry, name: string) => ({
      ...entry,
      settle: ({ kind }: EntryOutcome) => heard.push(`${name} ${kind}`),
    });
    const writer = new RunWriter({} as Lease, 1, () => undefined);
    for (const entry of [hears(rows('a'), 'a'), hears(child('1'), '1'), hears(rows('b'), 'b'), end]) writer.push(entry);
    const first = writer.takeParcel();
    if (first) writer.refuseChildren(first, { kind: 'cancel_requested' });
    expect(heard).toEqual(['1 cancel_requested']);
    const names = writer.takeParcel()?.append.rows.map(({ name }) => name);
    expect(names).toEqual(['a', 'b']);
  });

  it('sends nothing again that was on its way when the run was lost', () => {
    const heard: string[] = [];
    const entry = { ...rows('a'), settle: ({ kind }: EntryOutcome) => heard.push(kind) };
    const writer = new RunWriter({} as Lease, 1, () => undefined);
    for (const each of [entry, child('1')]) writer.push(each);
    const first = writer.takeParcel();
    writer.close({ kind: 'lease_lost' });
    if (first) writer.refuseChildren(first, { kind: 'cancel_requested' });
    expect([heard, writer.isIdle]).toEqual([['lease_lost'], true]);
  });

  it('does not hold others up with megabytes at once, however large a single entry is', () => {
    const large = (mib: number): RowsEntry => ({
      ...rows('large'),
      rows: [{ ...row('large'), payload: 'x'.repeat(mib * 1024 * 1024) }],
    });
    const parcels = parcelsOf([large(1), large(2), large(2), large(5), large(1)]);
    expect(parcels.map(([taken]) => taken)).toEqual([2, 1, 1, 1]);
  });

  it('does not hold others up with thousands of children at once', () => {
    const parcels = parcelsOf(Array.from({ length: 600 }, (_, n) => child(`${n}`)));
    expect(parcels.map(([, children]) => children)).toEqual([256, 256, 88]);
  });
});
