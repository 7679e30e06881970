import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Only to see that it runs: the figures mean nothing. */
  readonly quick: boolean;
  /** How many at once, where a part has several. Default: all of the part's. */
  readonly at: readonly number[] | undefined;
  /** How often each figure is measured; the median counts. Default 3. */
  readonly rounds: number;
}

export function readOptions(args: string[]): { readonly part: string; readonly options: BenchOptions } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false }, at: { type: 'string' }, rounds: { type: 'string' } },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`--rounds must be a whole number from 1`);
  const at = values.at?.split(',').map(Number);
  return { part: positionals[0] ?? '', options: { quick: values.quick, at, rounds } };
}
