import { describe, expect, it } from 'vitest';
import type { StreamChunk, StreamEvent } from '../../streams/stream-event.js';
import { OutItem } from './out-item.js';
import { SocketOutbox } from './socket-outbox.js';

/** A connection that takes nothing until it is told to. */
class StuckConnection {
  readonly written: string[] = [];
  readonly transport = { name: 'websocket' };
  private onDrain: () => void = () => undefined;

  write(text: string): void {
    this.written.push(text);
  }

  on(_event: 'drain', listener: () => void): void {
    this.onDrain = listener;
  }

  drain(): void {
    this.onDrain();
  }
}

const LIMITS = { inFlightBytes: 1_000, queueSize: 5_000 };

function event(seq: number, size = 500): OutItem {
  const fixed = {
    stream: 'run:a',
    streamId: 1,
    type: 't',
    traceId: '0',
    ownerId: null,
    projectId: null,
    rootRunId: null,
  };
  const made: StreamEvent = { ...fixed, seq, at: new Date(0), payload: JSON.stringify('x'.repeat(size)) };
  return OutItem.ofEvent(made);
}

function chunk(offset: number, text: string): OutItem {
  const made: StreamChunk = {
    stream: 'run:a',
    streamId: 1,
    runId: 'a',
    step: 's',
    attempt: 1,
    offset,
    text,
    ownerId: null,
    rootRunId: null,
  };
  return OutItem.ofChunk(made);
}

function open(): { connection: StuckConnection; outbox: SocketOutbox; slow: number[] } {
  const connection = new StuckConnection();
  const slow: number[] = [];
  const outbox = new SocketOutbox(connection, { limits: LIMITS, onSlow: () => slow.push(connection.written.length) });
  return { connection, outbox, slow };
}

function seqsOf(written: readonly string[]): number[] {
  return written.flatMap((text) => (JSON.parse(text.slice(1)) as [string, { seq?: number }])[1].seq ?? []);
}

describe('SocketOutbox', () => {
  it('writes through while the connection takes it, then keeps the order', () => {
    const { connection, outbox } = open();
    for (let seq = 1; seq <= 6; seq++) outbox.push(event(seq));
    expect(connection.written.length).toBe(2);
    while (connection.written.length < 6) connection.drain();
    expect(seqsOf(connection.written)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('joins the text of a step that waits', () => {
    const { connection, outbox } = open();
    outbox.push(event(1, 2_000));
    for (let at = 0; at < 50; at += 5) outbox.push(chunk(at, '12345'));
    connection.drain();
    const [, last] = connection.written;
    expect(connection.written).toHaveLength(2);
    expect(JSON.parse(last!.slice(1))).toMatchObject([
      'agent.token',
      { data: { offset: 0, text: '12345'.repeat(10) } },
    ]);
  });

  it('gives a reader up that lets more wait than the bound', () => {
    const { outbox, slow } = open();
    for (let seq = 1; seq <= 8; seq++) outbox.push(event(seq));
    expect(slow).toEqual([]);
    for (let seq = 9; seq <= 13; seq++) outbox.push(event(seq));
    expect(slow.length).toBeGreaterThan(0);
  });

  it('makes a replay wait until there is room', async () => {
    const { connection, outbox } = open();
    expect(outbox.ready()).toBeUndefined();
    outbox.push(event(1, 2_000));
    let isReady = false;
    const ready = outbox.ready()?.then(() => (isReady = true));
    await Promise.resolve();
    expect(isReady).toBe(false);
    connection.drain();
    await ready;
    expect(isReady).toBe(true);
  });

  it('tells when nothing waits any more', async () => {
    const { connection, outbox } = open();
    for (let seq = 1; seq <= 3; seq++) outbox.push(event(seq, 1_500));
    const emptied = outbox.emptied();
    connection.drain();
    connection.drain();
    await emptied;
    expect(seqsOf(connection.written)).toEqual([1, 2, 3]);
  });

  it('sends its last words past what waits, and nothing after them', () => {
    const { connection, outbox } = open();
    for (let seq = 1; seq <= 5; seq++) outbox.push(event(seq));
    outbox.closeWith(OutItem.ofNotice('stream.slow', {}));
    outbox.push(event(6));
    connection.drain();
    expect(connection.written.at(-1)).toContain('stream.slow');
    expect(seqsOf(connection.written)).toEqual([1, 2]);
  });
});
