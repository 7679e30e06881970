import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newId } from '../../../common/ids/id.js';
import { estimateTokens } from '../../agents/prompt/context-window.js';
import type { Group } from '../entities/group.entity.js';
import { GroupMessage, type MessageUsage, type SenderKind } from '../entities/group-message.entity.js';
import { mentionsIn } from '../routing/mentions.js';

export interface MessageDraft {
  /** Default: a new one. */
  readonly id?: string;
  readonly turnId: string | null;
  readonly runId: string | null;
  readonly sender: {
    readonly kind: SenderKind;
    readonly alias: string;
    readonly userId?: string | null;
    readonly memberId?: string | null;
  };
  readonly content: string;
  /** Of what the system says to one agent. */
  readonly toMemberId?: string | null;
  readonly parentMessageId?: string | null;
  readonly usage?: MessageUsage | null;
}

interface Place {
  readonly lastSeq: number;
  readonly at: Date;
}

/**
 * The clock after the lock, and later than the message before: the order of times, by which pages are read, is that of the
 * numbers, also within a millisecond and when the clock is set back.
 */
const TAKE_PLACE = `UPDATE groups g SET last_seq = last_seq + 1 WHERE id = $1
  RETURNING last_seq AS "lastSeq", greatest(date_trunc('milliseconds', clock_timestamp()),
    (SELECT m.created_at + interval '1 millisecond' FROM group_messages m WHERE m.group_id = g.id
      ORDER BY m.seq DESC LIMIT 1)) AS at`;

/** Writes messages. The lock of the group's row makes all who write take turns. */
@Injectable()
export class MessageStore {
  /** Undefined when the group is gone. */
  async addIn(manager: EntityManager, groupId: Group['id'], draft: MessageDraft): Promise<GroupMessage | undefined> {
    const [[place]] = await manager.query<[Place[], number]>(TAKE_PLACE, [groupId]);
    if (!place) return undefined;
    const { sender, content, turnId, runId } = draft;
    const message = manager.create(GroupMessage, {
      id: draft.id ?? newId(),
      createdAt: place.at,
      groupId,
      seq: place.lastSeq,
      turnId,
      runId,
      senderKind: sender.kind,
      senderAlias: sender.alias,
      senderUserId: sender.userId ?? null,
      senderMemberId: sender.memberId ?? null,
      toMemberId: draft.toMemberId ?? null,
      content,
      mentions: mentionsIn(content),
      parentMessageId: draft.parentMessageId ?? null,
      usage: draft.usage ?? null,
      tokens: estimateTokens(content),
    });
    await manager.insert(GroupMessage, message);
    return message;
  }
}
