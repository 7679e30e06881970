import type { ProductArgument } from '../server/product.js';
import type { Talk } from '../server/talker.program.js';
import { Account } from '../support/account.js';
import { BenchDatabase } from '../support/bench-database.js';
import { withCleanUp } from '../support/clean-up.js';
import { medians } from '../support/median.js';
import type { BenchOptions } from '../support/options.js';
import { Peer } from '../support/peer.js';
import { printTable } from '../support/table.js';
import type { ClientsArgument } from './clients.js';

type Server = Peer<{ readonly url: string }>;
type Measure = (subscribers: number, talk: Talk) => Promise<number[]>;

const SUBSCRIBERS = [1, 20, 200];
/** Deliveries of one measurement; a stream is not longer than a run may be. */
const DELIVERIES = 200_000;
const MOST_EVENTS = 5_000;
const PER_STEP = 100;
const HEAD = ['', 'deliveries/s', 'CPU-ms of the server per 1,000'];

/** Events of one run to many sockets, which live in a process of their own. */
export async function run(options: BenchOptions): Promise<void> {
  await withCleanUp(async (onEnd) => {
    const database = await BenchDatabase.start();
    onEnd(() => database.stop());
    const argument: ProductArgument = { databaseUrl: database.url };
    const product: Server = await Peer.start('server/product.js', argument);
    onEnd(() => product.stop());
    const bare: Server = await Peer.start('sockets/bare-server.js');
    onEnd(() => bare.stop());
    const user = await Account.signUp(product.ready.url);
    const subjects: [string, Measure][] = [
      ['bare Socket.IO', (count, talk) => measureBare(bare, count, talk)],
      ['run stream, plain', (count, talk) => measureProduct(product, user, false, count, talk)],
      ['run stream, batch', (count, talk) => measureProduct(product, user, true, count, talk)],
    ];
    for (const subscribers of options.at ?? SUBSCRIBERS) await compare(subjects, subscribers, options);
  });
}

async function compare(subjects: [string, Measure][], subscribers: number, options: BenchOptions): Promise<void> {
  const events = options.quick ? PER_STEP : Math.min(MOST_EVENTS, DELIVERIES / subscribers);
  const talk = { events, perStep: PER_STEP };
  const found = new Map<string, number[][]>(subjects.map(([name]) => [name, []]));
  if (!options.quick) for (const [, measure] of subjects) await measure(subscribers, { ...talk, events: 500 });
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [name, measure] of subjects) found.get(name)?.push(await measure(subscribers, talk));
  }
  const rows = [...found].map(([name, figures]) => [name, ...medians(figures)]);
  printTable(`${events} events of 400 bytes to ${subscribers} sockets (median of ${options.rounds})`, HEAD, rows);
}

async function measureBare(server: Server, count: number, talk: Talk): Promise<number[]> {
  const argument: ClientsArgument = { url: server.ready.url, count };
  return withClients(argument, server, () => server.ask(talk));
}

async function measureProduct(
  server: Server,
  user: Account,
  batch: boolean,
  count: number,
  talk: Talk,
): Promise<number[]> {
  const { runId } = await server.ask<{ runId: string }>({ prepare: talk, ownerId: user.userId });
  const argument: ClientsArgument = { url: server.ready.url, token: user.token, stream: `run:${runId}`, count, batch };
  return withClients(argument, server, () => server.ask({ go: runId }));
}

/** From the sign to the last socket's last event. */
async function withClients(argument: ClientsArgument, server: Server, go: () => Promise<void>): Promise<number[]> {
  const clients = await Peer.start('sockets/clients.js', argument);
  try {
    const cpuMs = server.cpuMs;
    const startedAt = performance.now();
    const all = clients.ask<number>();
    await go();
    const deliveries = await all;
    const elapsedMs = performance.now() - startedAt;
    return [(deliveries * 1000) / elapsedMs, ((server.cpuMs - cpuMs) * 1000) / deliveries];
  } finally {
    await clients.stop();
  }
}
