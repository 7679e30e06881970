import { ModelServerProcess } from '../../test/support/chaos/model-server-process.js';
import type { ProductArgument } from '../server/product.js';
import { BenchDatabase } from '../support/bench-database.js';
import { withCleanUp } from '../support/clean-up.js';
import { median, medians } from '../support/median.js';
import type { BenchOptions } from '../support/options.js';
import { Peer } from '../support/peer.js';
import { printTable } from '../support/table.js';
import type { Passage } from './passage.js';

interface Subject {
  readonly name: string;
  /** The process that talks to the model. */
  readonly cpuMs: () => number;
  readonly read: (count: number) => Promise<readonly Passage[]>;
}

const TOKENS = 2_000;
const TOKEN = 'word';
/** Before the first token, and taken off all figures: readers have to be there by then. */
const THINKING_MS = 2_000;
const AT_ONCE = [1, 16];
const HEAD = ['', 'ms to first token', 'ms to the end', 'tokens/s', 'CPU-ms per 1,000 tokens'];

/** Tokens from a model server on loopback, as fast as it can, through a flow's node to a socket. */
export async function run(options: BenchOptions): Promise<void> {
  await withCleanUp(async (onEnd) => {
    const database = await BenchDatabase.start();
    onEnd(() => database.stop());
    const models = await ModelServerProcess.start();
    onEnd(() => models.stop());
    const tokens = options.quick ? 20 : TOKENS;
    const text = TOKEN.repeat(tokens);
    await models.setScript([{ answer: { text, pieceSize: TOKEN.length, delayMs: THINKING_MS } }]);
    const argument: ProductArgument = { databaseUrl: database.url, modelUrl: models.baseUrl };
    const product = await Peer.start<{ url: string }>('server/product.js', argument);
    onEnd(() => product.stop());
    const sockets = await Peer.start('text/socket-reader.js', { url: product.ready.url });
    onEnd(() => sockets.stop());
    const bare = await Peer.start('text/bare-reader.js', { modelUrl: models.baseUrl });
    onEnd(() => bare.stop());
    const subjects: Subject[] = [
      { name: 'bare openai SDK', cpuMs: () => bare.cpuMs, read: (count) => bare.ask(count) },
      { name: 'flow to a socket', cpuMs: () => product.cpuMs, read: (count) => sockets.ask(count) },
    ];
    if (!options.quick) for (const subject of subjects) await measure(subject, 16, tokens);
    for (const at of options.at ?? AT_ONCE) await compare(subjects, at, tokens, options.rounds);
  });
}

async function compare(subjects: readonly Subject[], at: number, tokens: number, rounds: number): Promise<void> {
  const found = new Map<string, number[][]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of subjects) found.get(subject.name)?.push(await measure(subject, at, tokens));
  }
  const rows = [...found].map(([name, figures]) => [name, ...medians(figures)]);
  printTable(`${tokens} tokens, ${at} answers at once (median of ${rounds})`, HEAD, rows);
}

async function measure({ cpuMs, read }: Subject, at: number, tokens: number): Promise<number[]> {
  const before = cpuMs();
  const startedAt = performance.now();
  const passages = await read(at);
  const elapsedMs = performance.now() - startedAt - THINKING_MS;
  const short = passages.find(({ characters }) => characters !== tokens * TOKEN.length);
  if (short) throw new Error(`A reader got ${short.characters} characters of ${tokens * TOKEN.length}`);
  return [
    median(passages.map(({ firstMs }) => firstMs - THINKING_MS)),
    median(passages.map(({ lastMs }) => lastMs - THINKING_MS)),
    (at * tokens * 1000) / elapsedMs,
    ((cpuMs() - before) * 1000) / (at * tokens),
  ];
}
