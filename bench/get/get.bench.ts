import type { ProductArgument } from '../server/product.js';
import { Account } from '../support/account.js';
import { BenchDatabase } from '../support/bench-database.js';
import { withCleanUp } from '../support/clean-up.js';
import { medians } from '../support/median.js';
import type { BenchOptions } from '../support/options.js';
import { Peer } from '../support/peer.js';
import { printTable } from '../support/table.js';
import type { LoadArgument, LoadQuestion } from './load.js';

type Server = Peer<{ readonly url: string }>;

const PATH = '/api/v1/auth/me';
const LOAD: LoadQuestion = { connections: 32, requests: 20_000 };
const QUICK: LoadQuestion = { connections: 2, requests: 20 };

/** A signed-in GET, beside a route of Nest on Fastify that does nothing else. The load comes from another process. */
export async function run({ quick, rounds }: BenchOptions): Promise<void> {
  await withCleanUp(async (onEnd) => {
    const database = await BenchDatabase.start();
    onEnd(() => database.stop());
    const argument: ProductArgument = { databaseUrl: database.url };
    const product: Server = await Peer.start('server/product.js', argument);
    onEnd(() => product.stop());
    const bare: Server = await Peer.start('get/bare-server.js');
    onEnd(() => bare.stop());
    const { token } = await Account.signUp(product.ready.url);
    const found = await compare({ bare, product }, token, quick ? QUICK : LOAD, rounds);
    const rows = found.map(([name, figures]) => [name, ...medians(figures)]);
    const title = `GET ${PATH}, ${(quick ? QUICK : LOAD).connections} connections (median of ${rounds})`;
    printTable(title, ['', 'requests/s', 'CPU-ms of the server per 1,000'], rows);
  });
}

async function compare(
  servers: { readonly bare: Server; readonly product: Server },
  token: string,
  question: LoadQuestion,
  rounds: number,
): Promise<[string, number[][]][]> {
  const bareLoad: LoadArgument = { url: servers.bare.ready.url, path: PATH };
  const productLoad: LoadArgument = { url: servers.product.ready.url, path: PATH, token };
  const subjects: [string, Server, Peer<null>, number[][]][] = [
    ['bare Nest on Fastify', servers.bare, await Peer.start<null>('get/load.js', bareLoad), []],
    ['signed in', servers.product, await Peer.start<null>('get/load.js', productLoad), []],
  ];
  for (const [, server, load] of subjects) await measure(server, load, question);
  for (let round = 0; round < rounds; round += 1) {
    for (const [, server, load, figures] of subjects) figures.push(await measure(server, load, question));
  }
  for (const [, , load] of subjects) await load.stop();
  return subjects.map(([name, , , figures]) => [name, figures]);
}

async function measure(server: Server, load: Peer<null>, question: LoadQuestion): Promise<number[]> {
  const cpuMs = server.cpuMs;
  const elapsedMs = await load.ask<number>(question);
  return [(question.requests * 1000) / elapsedMs, ((server.cpuMs - cpuMs) * 1000) / question.requests];
}
