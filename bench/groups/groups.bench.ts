import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { withCleanUp } from '../support/clean-up.js';
import { median } from '../support/median.js';
import type { BenchOptions } from '../support/options.js';
import { printTable } from '../support/table.js';
import { bareFirstTokenMs } from './bare-call.js';
import { fillRoom, measureTurns, type TurnFigures } from './long-room.js';
import { RoomSite } from './room-site.js';

const QUESTION = 'What do you think?';
const TEXT = 'I think that this is an answer.';
const TURNS = 100;
const ROOMS = 200;
/** As long as a summary and the prompts up to the next take. */
const LONG_TURNS = 40;

/** The whole product, with every commit on the disk: to the first word, many rooms at once, and long conversations. */
export async function run({ quick, rounds }: BenchOptions): Promise<void> {
  await withCleanUp(async (onEnd) => {
    const site = await RoomSite.start(onEnd);
    await site.models.setScript([{ answer: { text: TEXT } }]);
    await measureFirstToken(site, quick ? 3 : TURNS * rounds);
    await measureManyRooms(site, quick ? 3 : ROOMS);
    await measureLongRoom(site, quick ? { at: [20, 40], turns: 2 } : { at: [100, 10_000], turns: LONG_TURNS });
  });
}

async function measureFirstToken(site: RoomSite, turns: number): Promise<void> {
  const rooms = await site.open(1);
  for (let turn = 0; turn < Math.min(turns, 20); turn += 1) await site.say(rooms, QUESTION);
  const [bare, product]: [number[], number[]] = [[], []];
  let cpu = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    await site.models.clear();
    const cpuMs = site.cpuMs;
    for (const { firstMs } of await site.say(rooms, QUESTION)) product.push(firstMs);
    cpu += site.cpuMs - cpuMs;
    bare.push(await bareFirstTokenMs(site.models.baseUrl, await lastMessages(site)));
  }
  const row = (name: string, values: readonly number[]) => [name, median(values), percentile(values, 0.99)];
  printTable(
    `From a message to the first token, ${turns} turns`,
    ['', 'p50 ms', 'p99 ms'],
    [
      row('the provider by itself, asked the same', bare),
      row('a room', product),
      ['above the provider', median(product) - median(bare), percentile(product, 0.99) - percentile(bare, 0.99)],
      ['CPU ms of a turn', cpu / turns, ''],
    ],
  );
}

/** Of the call that was made last: a conversation grows, and with it what the provider has to read. */
async function lastMessages({ models }: RoomSite): Promise<ChatCompletionMessageParam[]> {
  const last = (await models.calls()).at(-1);
  return (last?.body['messages'] ?? []) as ChatCompletionMessageParam[];
}

/** A message in each at the same moment. */
async function measureManyRooms(site: RoomSite, count: number): Promise<void> {
  const rooms = await site.open(count);
  const cpuMs = site.cpuMs;
  const passages = await site.say(rooms, QUESTION);
  const short = passages.find(({ characters }) => characters > TEXT.length);
  if (short) throw new Error(`A reader got ${short.characters} characters of ${TEXT.length}`);
  const ends = passages.map(({ lastMs }) => lastMs);
  printTable(
    `${count} rooms, a turn in each at once`,
    ['', 'value'],
    [
      ['ms to the end of a turn, p50', median(ends)],
      ['ms to the end of the last', Math.max(...ends)],
      ['turns a second', (count / Math.max(...ends)) * 1_000],
      ['CPU ms of a turn', (site.cpuMs - cpuMs) / count],
    ],
  );
}

async function measureLongRoom(site: RoomSite, { at, turns }: { at: number[]; turns: number }): Promise<void> {
  const [room = ''] = await site.open(1);
  const found: TurnFigures[] = [];
  for (const message of at) {
    await fillRoom(site, room, message);
    found.push(await measureTurns(site, room, turns));
  }
  const [early, late] = found;
  if (!early || !late) return;
  const row = (name: string, of: (figures: TurnFigures) => number) => [name, of(early), of(late), of(late) / of(early)];
  printTable(
    'A turn of a long conversation',
    ['', ...at.map((message) => `at message ${message}`), 'ratio'],
    [
      row('prompt tokens', ({ promptTokens }) => promptTokens),
      row('new rows', ({ rows }) => rows),
      row('bytes of journal', ({ journalBytes }) => journalBytes),
      row('p50 ms', ({ p50Ms }) => p50Ms),
      row('CPU ms', ({ cpuMs }) => cpuMs),
    ],
  );
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
}
