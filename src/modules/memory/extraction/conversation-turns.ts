import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { idFrom } from '../../../common/ids/id.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { ItemRows } from '../items/item-rows.js';
import { draftOf, type MemoryDraft } from '../items/memory-draft.js';
import { MemoryStreams } from '../memory-streams.js';
import { NamespaceOwners } from '../namespace-owners.js';
import type { SaidTurn } from './extract-job.js';
import { turnsAsFacts } from './read-facts.js';

/** The last turns of a conversation, in order. */
export type TurnsReader = (sessionId: string) => Promise<readonly SaidTurn[]>;

/** Takes the turns of a conversation into memory as they are, where nothing of it is remembered. */
@Injectable()
export class ConversationTurns {
  private reader: TurnsReader | undefined;

  constructor(
    private readonly owners: NamespaceOwners,
    private readonly rows: ItemRows,
    private readonly streams: MemoryStreams,
  ) {}

  /** By the module that keeps conversations. */
  register(reader: TurnsReader): void {
    this.reader = reader;
  }

  /** Turns that are there already stay as they are. @throws {NamespaceNotFoundError} @throws {NotAllowedError} */
  async keep(userId: string, sessionId: string): Promise<void> {
    const turns = (await this.reader?.(sessionId)) ?? [];
    const namespace = { scope: 'session', id: sessionId } as const;
    const owned = await this.owners.ownerFor(userId, namespace, 'write');
    const drafts = turnsAsFacts(turns).map(({ turn, content, pii, importance }): MemoryDraft => {
      const said = turns.find((one) => one.turn === turn);
      const from = { source: 'conversation', extracted_by: 'turns', session_id: sessionId, turn };
      const metadata = { ...from, ...(said && { speaker: said.speaker, at: said.at }) };
      const fields = { kind: 'fragment', content, pii, importance, metadata } as const;
      return { ...draftOf(owned, namespace, fields, new Date()), id: idFrom(`turn:${turn}`, sessionId) };
    });
    await this.add(userId, drafts);
  }

  private add(userId: string, drafts: readonly MemoryDraft[]): Promise<void> {
    return this.streams.commit(userId, async (manager) => {
      const ids = drafts.map(({ id }) => id);
      const there = await manager.find(MemoryItem, { select: { id: true }, where: { id: In(ids) } });
      const known = new Set(there.map(({ id }) => id));
      await this.rows.writeIn(
        manager,
        drafts.filter(({ id }) => !known.has(id)),
      );
      const items = await manager.findBy(MemoryItem, { id: In(ids.filter((id) => !known.has(id))) });
      return { change: 'saved', items, answer: undefined };
    });
  }
}
