import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StreamChunk } from './stream-event.js';
import { StreamHub } from './stream-hub.js';
import { InMemoryStreamSource } from './testing/in-memory-stream-source.js';
import { RecordingSubscriber } from './testing/recording-subscriber.js';

const STREAM = 'run:a';

function chunk(offset: number, text: string, attempt = 1): StreamChunk {
  return {
    stream: STREAM,
    streamId: 1,
    runId: 'a',
    step: 'node:1',
    attempt,
    offset,
    text,
    ownerId: 'owner',
    rootRunId: 'a',
  };
}

describe('StreamHub', () => {
  let source: InMemoryStreamSource;
  let hub: StreamHub;
  let subscriber: RecordingSubscriber;

  async function subscribe(after?: number, by = subscriber) {
    const subscription = await hub.subscribe(STREAM, by, after);
    subscription?.start();
    await sleep(20);
    return subscription;
  }

  beforeEach(() => {
    source = new InMemoryStreamSource();
    hub = new StreamHub(source);
    subscriber = new RecordingSubscriber();
    source.append(STREAM, 3);
  });

  it('answers nothing for a stream that does not exist', async () => {
    expect(await hub.subscribe('run:none', subscriber)).toBeUndefined();
  });

  it('tells which events retention took and goes on behind them', async () => {
    source.append(STREAM, 7);
    source.cut(STREAM, 6);
    await subscribe(2);
    expect(subscriber.gaps).toEqual([{ stream: STREAM, from: 3, to: 5 }]);
    expect(subscriber.seqs).toEqual([6, 7, 8, 9, 10]);
  });

  it('takes a cursor beyond the end for the end', async () => {
    await subscribe(1000);
    hub.publish(source.append(STREAM, 1));
    expect(subscriber.seqs).toEqual([4]);
  });

  it('lets the room bring what was committed before a subscription without cursor', async () => {
    const room = new RecordingSubscriber();
    hub.listenToOwner('owner', room);
    const late = source.append(STREAM, 2);
    const subscription = await subscribe();
    hub.publish(late);
    hub.publish(source.append(STREAM, 1));
    expect(room.received.filter((event) => !subscription?.covers(event)).map(({ seq }) => seq)).toEqual([4, 5]);
    expect(subscriber.seqs).toEqual([6]);
  });

  it('gives a late subscriber the text so far at offset 0, then the rest', async () => {
    hub.publishChunk(chunk(0, 'Hel'));
    hub.publishChunk(chunk(3, 'lo '));
    await subscribe();
    hub.publishChunk(chunk(6, 'you'));
    expect(subscriber.chunks.map(({ offset, text }) => ({ offset, text }))).toEqual([
      { offset: 0, text: 'Hello ' },
      { offset: 6, text: 'you' },
    ]);
  });

  it('begins at offset 0 again with a new attempt and ignores stragglers of the old one', async () => {
    await subscribe();
    hub.publishChunk(chunk(0, 'old'));
    hub.publishChunk(chunk(0, 'new', 2));
    hub.publishChunk(chunk(3, ' straggler', 1));
    expect(subscriber.chunks.map(({ attempt, text }) => [attempt, text])).toEqual([
      [1, 'old'],
      [2, 'new'],
    ]);
  });

  it('keeps no text of a step that ended', async () => {
    hub.publishChunk(chunk(0, 'text'));
    hub.stepEnded(STREAM, 'node:1');
    hub.publishChunk(chunk(4, ' more'));
    await subscribe();
    expect(subscriber.chunks).toEqual([]);
  });

  it('announces the streams of a tree to those who follow it', () => {
    const seen: string[] = [];
    hub.listenToTree('root', ({ stream }) => seen.push(stream));
    hub.publish(source.append('run:child', 1, { rootRunId: 'root' }));
    hub.publish(source.append('run:other', 1, { rootRunId: 'elsewhere' }));
    expect(seen).toEqual(['run:child']);
  });

  it('delivers nothing to a subscription that was closed', async () => {
    const subscription = await subscribe();
    subscription?.close();
    hub.publish(source.append(STREAM, 1));
    expect(subscriber.received).toEqual([]);
    expect(hub.hasFollowers).toBe(false);
  });
});
