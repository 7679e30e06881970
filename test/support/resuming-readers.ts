import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../src/modules/streams/testing/random.js';
import { type Envelope, SocketReader } from './socket-reader.js';
import { SseReader } from './sse-reader.js';

export interface ResumeOptions {
  readonly url: string;
  readonly token: string;
  readonly runId: string;
  readonly random: Random;
}

/** Reads a part of a run's stream after a seq, and goes away at random. */
type Reading = (after: number, options: ResumeOptions) => Promise<Envelope[]>;

async function whileConnected(random: Random, isOver: () => boolean): Promise<void> {
  const until = performance.now() + random.below(60);
  while (performance.now() < until && !isOver()) await sleep(3);
}

function bySocket(more: object): Reading {
  return async (after, { url, token, runId, random }) => {
    const reader = await SocketReader.connect(url, token, more);
    // What the user's room brought before the acknowledgement is repeated by the replay.
    let seen = 0;
    await new Promise<void>((resolve) => {
      reader.socket.emit('subscribe', { stream: `run:${runId}`, after }, () => {
        seen = reader.envelopes.length;
        resolve();
      });
    });
    // The room also brings the other runs of the user, and chunks have no seq.
    const ofStream = (): Envelope[] =>
      reader.envelopes.slice(seen).filter(({ seq, stream }) => seq !== undefined && stream === `run:${runId}`);
    await whileConnected(random, () => ofStream().at(-1)?.type === 'execution.completed');
    reader.close();
    return ofStream();
  };
}

const bySse: Reading = async (after, { url, token, runId, random }) => {
  const headers = { 'last-event-id': String(after) };
  const reader = await SseReader.open(`${url}/api/v1/runs/${runId}/events`, token, headers);
  let hasEnded = false;
  void reader.ended.then(() => (hasEnded = true));
  await whileConnected(random, () => hasEnded);
  reader.close();
  await reader.ended;
  return reader.events.map(({ envelope }) => envelope).filter(({ seq }) => seq !== undefined);
};

const byPage: Reading = async (after, { url, token, runId, random }) => {
  const query = `after=${after}&limit=${random.below(40) + 1}`;
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/api/v1/runs/${runId}/events?${query}`, { headers });
  return ((await response.json()) as { items: Envelope[] }).items;
};

export const READINGS: Readonly<Record<string, Reading>> = {
  'Socket.IO by websocket': bySocket({ transports: ['websocket'] }),
  'Socket.IO by polling': bySocket({ transports: ['polling'] }),
  'Socket.IO in batches': bySocket({ auth: { batch: true } }),
  'server-sent events': bySse,
  pages: byPage,
};

/** Comes back again and again, each time after the last seq it got, until it has the run's last event. */
export async function readAll(readings: readonly Reading[], options: ResumeOptions): Promise<Envelope[]> {
  const got: Envelope[] = [];
  while (got.at(-1)?.type !== 'execution.completed') {
    const reading = readings[options.random.below(readings.length)]!;
    got.push(...(await reading(got.at(-1)?.seq ?? 0, options)));
  }
  return got;
}
