import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { currentTraceId } from '../../common/tracing/current-trace.js';
import { type SharedEvent, SharedStreamWriter } from '../streams/shared-stream-writer.js';
import type { StreamEvent } from '../streams/stream-event.js';
import { StreamHub } from '../streams/stream-hub.js';
import { streamName } from '../streams/stream-name.js';
import { EmbeddingQueues } from '../embeddings/embedding-queues.js';
import type { MemoryItem } from './entities/memory-item.entity.js';
import { ITEM_VECTORS } from './search/item-vectors.js';

export type MemoryChange = 'saved' | 'changed' | 'removed';

/** What a change comes to. */
export interface MemoryOutcome<Answer> {
  readonly change: MemoryChange;
  readonly items: readonly MemoryItem[];
  /** What else has changed with it. */
  readonly also?: ReadonlyArray<Pick<MemoryOutcome<unknown>, 'change' | 'items'>>;
  readonly answer: Answer;
}

const MAX_ITEMS = 100;

/** Changes of memory, each told in the stream of whoever made it, in the transaction of the change. */
@Injectable()
export class MemoryStreams {
  constructor(
    private readonly database: DataSource,
    private readonly shared: SharedStreamWriter,
    private readonly hub: StreamHub,
    private readonly embeddings: EmbeddingQueues,
  ) {}

  async commit<Answer>(
    userId: string,
    work: (manager: EntityManager) => Promise<MemoryOutcome<Answer>>,
  ): Promise<Answer> {
    const [answer, events] = await this.database.transaction(async (manager) => {
      const outcome = await work(manager);
      const events = await this.tellIn(manager, userId, outcome);
      await this.embedIn(manager, outcome);
      return [outcome.answer, events] as const;
    });
    this.hub.publish(events);
    return answer;
  }

  /** Items of a project need one run, whoever made them. */
  private async embedIn(manager: EntityManager, { change, items, also = [] }: MemoryOutcome<unknown>): Promise<void> {
    const written = [{ change, items }, ...also]
      .filter((each) => each.change !== 'removed')
      .flatMap((each) => each.items);
    const accounts = new Map(written.map((item) => [item.projectId ?? item.ownerId, item]));
    for (const item of accounts.values()) await this.embeddings.wantIn(manager, ITEM_VECTORS.name, item);
  }

  /** Locks the stream until the commit: the last thing that a transaction does. */
  private tellIn(
    manager: EntityManager,
    userId: string,
    { change, items, also = [] }: MemoryOutcome<unknown>,
  ): Promise<readonly StreamEvent[]> {
    return this.shared.appendIn(
      manager,
      [{ change, items }, ...also].flatMap((each) => eventsOf(userId, each.change, each.items)),
    );
  }
}

function eventsOf(userId: string, change: MemoryChange, items: readonly MemoryItem[]): SharedEvent[] {
  const traceId = currentTraceId();
  const events: SharedEvent[] = [];
  for (let at = 0; at < items.length; at += MAX_ITEMS) {
    const told = items.slice(at, at + MAX_ITEMS).map(({ id, kind, scope, scopeId }) => {
      return { id, kind, namespace: { scope, id: scopeId } };
    });
    const payload = JSON.stringify({ change, items: told });
    events.push({ stream: streamName('user', userId), type: 'memory.update', payload, ownerId: userId, traceId });
  }
  return events;
}
