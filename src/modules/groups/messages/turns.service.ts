import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ExecutionService, type StartRun } from '../../execution/execution.service.js';
import type { Group } from '../entities/group.entity.js';
import { GroupTurn } from '../entities/group-turn.entity.js';
import type { GroupEvent } from '../group-streams.js';
import { type Routing, TURN_KIND, type TurnInput } from '../program/turn-run.js';

export interface OpenTurn {
  readonly id: string;
  readonly runId: string;
  readonly status: 'queued' | 'running';
  /** Null: the run is gone. */
  readonly runStatus: string | null;
  readonly rounds: number;
}

/** A turn that is to begin. */
export interface NewTurn {
  readonly id: string;
  readonly runId: string;
  readonly messageId: string;
  /** Of the trigger that sets it off; that of no other turn. */
  readonly triggerKey?: string;
  /** Its first round, when it need not wait. */
  readonly opening?: Routing | undefined;
}

const OPEN = `SELECT t.id, t.run_id AS "runId", t.status, t.rounds, c.status AS "runStatus"
  FROM group_turns t LEFT JOIN run_control c ON c.run_id = t.run_id
  WHERE t.group_id = $1 AND t.status <> 'ended' ORDER BY t.created_at, t.id FOR UPDATE OF t`;
const END = `UPDATE group_turns SET status = 'ended', reason = $2, rounds = greatest(rounds, $3)
  WHERE id = $1 AND status <> 'ended' RETURNING id`;

/** The turns of a group, under the lock of its row. */
@Injectable()
export class TurnsService {
  constructor(private readonly execution: ExecutionService) {}

  /** The last thing that a transaction does, as {@link ExecutionService.start} is. */
  async startIn(manager: EntityManager, group: Group, turn: NewTurn): Promise<void> {
    const answer = { message_id: turn.messageId, turn_id: turn.id };
    await Promise.all([
      this.recordIn(manager, group, turn),
      this.execution.start({ ...turnRun(group, turn), id: turn.runId, answer }, manager),
    ]);
  }

  /** Of a turn whose run somebody else starts. */
  async recordIn(manager: EntityManager, { id: groupId }: Group, { opening, ...turn }: NewTurn): Promise<void> {
    const status = opening ? 'running' : 'queued';
    await manager.insert(GroupTurn, { triggerKey: null, ...turn, groupId, status });
  }

  /**
   * Those that have not ended. One whose run ended otherwise, cancelled or failed, is ended here.
   *
   * @returns also what is to be told of those
   */
  async openIn(manager: EntityManager, groupId: string): Promise<{ turns: OpenTurn[]; events: GroupEvent[] }> {
    return this.endDeadIn(manager, groupId, await openTurns(manager, groupId));
  }

  /** The same of those that were read before, under the same lock. */
  async endDeadIn(
    manager: EntityManager,
    groupId: string,
    rows: readonly OpenTurn[],
  ): Promise<{ turns: OpenTurn[]; events: GroupEvent[] }> {
    const events: GroupEvent[] = [];
    const turns: OpenTurn[] = [];
    for (const turn of rows) {
      if (!isOver(turn)) turns.push(turn);
      else events.push(...(await this.endIn(manager, groupId, turn, turn.runStatus ?? 'cancelled')));
    }
    return { turns, events };
  }

  /** Cancels the turn's run. */
  async stopIn(
    manager: EntityManager,
    groupId: string,
    turn: OpenTurn,
    reason: 'stopped' | 'interrupted',
  ): Promise<GroupEvent[]> {
    await this.execution.cancelIn(manager, turn.runId, reason);
    return this.endIn(manager, groupId, turn, reason);
  }

  async endIn(
    manager: EntityManager,
    groupId: string,
    { id, rounds }: Pick<OpenTurn, 'id' | 'rounds'>,
    reason: string,
  ): Promise<GroupEvent[]> {
    const [ended] = await manager.query<[unknown[], number]>(END, [id, reason, rounds]);
    if (ended.length === 0) return [];
    return [{ type: 'group.turn.completed', data: { group_id: groupId, turn_id: id, reason, rounds } }];
  }
}

/** As they are recorded: the run of one may have ended otherwise. */
export function openTurns(manager: EntityManager, groupId: string): Promise<OpenTurn[]> {
  return manager.query<OpenTurn[]>(OPEN, [groupId]);
}

/** In the name of the group's owner; turns of one group come one after another. */
export function turnRun(
  { id, ownerId, projectId }: Group,
  { id: turnId, messageId, opening }: Pick<NewTurn, 'id' | 'messageId' | 'opening'>,
): StartRun {
  const input: TurnInput = { group_id: id, turn_id: turnId, message_id: messageId, ...(opening && { opening }) };
  const refs = { group_id: id, turn_id: turnId };
  return { kind: TURN_KIND, input, ownerId, projectId, refs, concurrency: { key: `group:${id}`, limit: 1 } };
}

function isOver({ runStatus }: OpenTurn): boolean {
  return runStatus === null || runStatus === 'completed' || runStatus === 'failed' || runStatus === 'cancelled';
}
