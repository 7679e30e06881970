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
  readonly seq: number;
  readonly at: Date;
}

/**
 * The clock after the lock, and later than the message before: the order of times, by which pages are read, is that of the
 * numbers, also within a millisecond and when the clock is set back.
 */
const ADD = `WITH place AS (
    UPDATE groups g SET last_seq = last_seq + 1 WHERE id = $1
    RETURNING last_seq AS seq, greatest(date_trunc('milliseconds', clock_timestamp()),
      (SELECT m.created_at + interval '1 millisecond' FROM group_messages m WHERE m.group_id = g.id
        ORDER BY m.seq DESC LIMIT 1)) AS at
  )
  INSERT INTO group_messages (group_id, created_at, seq, id, turn_id, run_id, sender_kind, sender_alias, sender_user_id,
    sender_member_id, to_member_id, content, mentions, parent_message_id, usage, tokens)
  SELECT $1::uuid, at, seq, $2::uuid, $3::uuid, $4::uuid, $5, $6, $7::uuid, $8::uuid, $9::uuid, $10, $11::text[], $12::uuid,
    $13::json, $14::integer FROM place
  RETURNING seq, created_at AS at`;

/** Writes messages. The lock of the group's row makes all who write take turns. */
@Injectable()
export class MessageStore {
  /** Undefined when the group is gone. */
  async addIn(manager: EntityManager, groupId: Group['id'], draft: MessageDraft): Promise<GroupMessage | undefined> {
    const message = manager.create(GroupMessage, { groupId, ...columnsOf(draft) });
    const [place] = await manager.query<Place[]>(ADD, [groupId, ...valuesOf(message)]);
    return place && Object.assign(message, { seq: place.seq, createdAt: place.at });
  }
}

function columnsOf({ id = newId(), sender, content, ...draft }: MessageDraft): Partial<GroupMessage> {
  return {
    id,
    turnId: draft.turnId,
    runId: draft.runId,
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
  };
}

/** Of $2 and those that follow. */
function valuesOf(message: GroupMessage): unknown[] {
  const { id, turnId, runId, senderKind, senderAlias, senderUserId, senderMemberId, toMemberId } = message;
  const { content, mentions, parentMessageId, usage, tokens } = message;
  const sender = [senderKind, senderAlias, senderUserId, senderMemberId];
  const json = usage && JSON.stringify(usage);
  return [id, turnId, runId, ...sender, toMemberId, content, mentions, parentMessageId, json, tokens];
}
