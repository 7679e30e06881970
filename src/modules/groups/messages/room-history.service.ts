import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { GroupsConfig } from '../../../config/config.js';
import type { HistoryRange } from '../../agents/program/agent-ports.js';
import type { AgentRoom } from '../../agents/program/agent-run.js';
import type { EarlierTurns } from '../../agents/prompt/conversation.js';
import { AgentRooms, type RoomHistory } from '../../agents/rooms/agent-rooms.js';
import { historyRange } from '../../agents/sessions/history-range.js';
import { GroupMember } from '../entities/group-member.entity.js';
import { withoutMentions } from '../routing/mentions.js';
import { type HeardMessage, heardConversation } from './heard-conversation.js';

/** Messages of earlier turns at most, and of its own; whoever comes late to a long conversation hears the end of it. */
const MAX_HEARD = 1_000;
// What waits for its own turn is not heard yet, and what belongs to this turn comes last. In two parts, each by an index
// of its own: what was said up to `$2` is not looked at.
const OPEN_TURNS = `ARRAY(SELECT id FROM group_turns WHERE group_id = $1 AND status <> 'ended')`;
const SUMMARIZED_TO = '(SELECT coalesce(max(summarized_to), 0) FROM group_members WHERE id = $5)';
const heard = (columns: string) => `
  (SELECT ${columns}, false AS own FROM group_messages m
    WHERE m.group_id = $1 AND m.seq > coalesce($2::integer, ${SUMMARIZED_TO}) AND m.seq <= $3 AND (m.to_member_id IS NULL OR m.to_member_id = $5)
      AND (m.turn_id IS NULL OR m.turn_id <> $4 AND m.turn_id <> ALL (${OPEN_TURNS}))
    ORDER BY m.seq DESC LIMIT ${MAX_HEARD})
  UNION ALL
  (SELECT ${columns}, true AS own FROM group_messages m
    WHERE m.turn_id = $4 AND m.group_id = $1 AND m.seq <= $3 AND (m.to_member_id IS NULL OR m.to_member_id = $5)
    ORDER BY m.seq DESC LIMIT ${MAX_HEARD})
  ORDER BY own, seq`;
const SIZES = heard('m.seq, m.tokens');
const READ = heard(`m.seq, m.turn_id, m.sender_kind AS kind, m.sender_alias AS alias, m.sender_member_id AS "memberId",
    m.content`);
/** Messages that say what a member is to speak about: those of its turn before all others. */
const LAST = 3;
const LAST_HEARD = `SELECT content FROM (${heard('m.seq, m.content, m.sender_kind, m.sender_member_id')}) h
  WHERE sender_kind IN ('user', 'agent') AND sender_member_id IS DISTINCT FROM $5 ORDER BY own DESC, seq DESC LIMIT ${LAST}`;
// What was started in a turn works for its group down to its last descendant.
const OTHERS = `SELECT 1 FROM runs r JOIN runs root ON root.id = r.root_run_id
  JOIN groups g ON g.id = coalesce(r.refs->>'group_id', root.refs->>'group_id')::uuid
  JOIN group_members m ON m.group_id = g.id AND m.user_id <> g.owner_id WHERE r.id = $1 LIMIT 1`;
const SUMMARIZE = `UPDATE group_members SET summary = $2, summarized_to = $3 WHERE id = $1 AND summarized_to < $3`;
const PUT_OFF = 'UPDATE group_members SET fold_from = $2 WHERE id = $1';
/** Messages until a summary that failed is tried again: a turn waits for the try. */
const REST_MESSAGES = 20;
/** Beside its text: who said it. */
const FRAME_TOKENS = 30;

interface Sized {
  readonly seq: number;
  readonly tokens: number;
  readonly own: boolean;
}

/** Each agent's share of what was said in its group. */
@Injectable()
export class GroupRoomHistory implements RoomHistory, OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly rooms: AgentRooms,
    private readonly config: GroupsConfig,
  ) {}

  onModuleInit(): void {
    this.rooms.register(this);
  }

  async rangeOf(room: AgentRoom, budgetTokens: number): Promise<HistoryRange | null> {
    const [member, rows] = await Promise.all([
      this.memberOf(room),
      this.query<Sized>(SIZES, room, null, room.heard_to),
    ]);
    const said = member?.summary ?? undefined;
    const summary = said === undefined ? undefined : { text: said, to: member?.summarizedTo ?? 0 };
    // What belongs to the turn stays as it is.
    const own = rows.filter((row) => row.own).reduce((sum, { tokens }) => sum + tokens + FRAME_TOKENS, 0);
    const sized = rows
      .filter((row) => !row.own)
      .map(({ seq, tokens }) => ({ seq, role: 'user', tokens: tokens + FRAME_TOKENS }));
    const range = historyRange(summary, sized, Math.max(0, Math.min(budgetTokens, this.config.historyTokens) - own));
    return { ...foldable(range, room.heard_to < (member?.foldFrom ?? 0)), last: room.heard_to };
  }

  async read(room: AgentRoom, after: number, to: number): Promise<EarlierTurns> {
    const isToFold = to < room.heard_to;
    const [member, rows] = await Promise.all([
      // Nothing stands for what came before the first message.
      after === 0 ? null : this.memberOf(room),
      this.query<HeardMessage & { turn_id: string | null }>(READ, room, after, to),
    ]);
    const heard = isToFold ? rows.filter(({ turn_id: turnId }) => turnId !== room.turn_id) : rows;
    const summary = member?.summarizedTo === after ? (member.summary ?? undefined) : undefined;
    return { summary, messages: heardConversation(heard, room.member_id) };
  }

  async lastHeard(room: AgentRoom): Promise<readonly string[]> {
    const rows = await this.query<{ content: string }>(LAST_HEARD, room, null, room.heard_to);
    return rows.map(({ content }) => withoutMentions(content));
  }

  async isHeardByOthers(runId: string): Promise<boolean> {
    return (await this.database.query<unknown[]>(OTHERS, [runId])).length > 0;
  }

  async saveSummary(
    manager: EntityManager,
    { member_id: id }: AgentRoom,
    summary: { text: string; to: number },
  ): Promise<void> {
    await manager.query(SUMMARIZE, [id, summary.text, summary.to]);
  }

  async putOffFolding({ member_id: id, heard_to: heardTo }: AgentRoom): Promise<void> {
    await this.database.query(PUT_OFF, [id, heardTo + REST_MESSAGES]);
  }

  private memberOf({ member_id: id }: AgentRoom): Promise<GroupMember | null> {
    return this.database.manager.findOneBy(GroupMember, { id });
  }

  /** @param after null: what the member's summary stands for */
  private query<Row>(sql: string, room: AgentRoom, after: number | null, to: number): Promise<Row[]> {
    return this.database.query<Row[]>(sql, [room.id, after, to, room.turn_id, room.member_id]);
  }
}

/** What is to be summarised is left out while that is put off. Pure. */
function foldable(range: HistoryRange | null, isPutOff: boolean): Pick<HistoryRange, 'summarized_to' | 'fold_to'> {
  const { summarized_to, fold_to } = range ?? { summarized_to: 0, fold_to: 0 };
  return isPutOff && fold_to > 0 ? { summarized_to: fold_to, fold_to: 0 } : { summarized_to, fold_to };
}
