import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { MessageContentDto } from '../dto/message.dto.js';
import type { Group } from '../entities/group.entity.js';
import type { GroupMember } from '../entities/group-member.entity.js';
import type { GroupMessage } from '../entities/group-message.entity.js';
import type { GroupEvent } from '../group-streams.js';
import { TurnRunningError } from '../groups.errors.js';
import { TurnRouting } from '../program/turn-routing.service.js';
import type { Routing } from '../program/turn-run.js';
import { type NewTurn, type OpenTurn, TurnsService } from './turns.service.js';

/** What a message finds of the turns before its own. */
export interface Way {
  /** No turn is under way or in line. */
  readonly isFree: boolean;
  readonly events: readonly GroupEvent[];
}

/** How the turns of what people say begin, under the lock of the group's row. */
@Injectable()
export class TurnBeginnings {
  constructor(
    private readonly turns: TurnsService,
    private readonly routing: TurnRouting,
  ) {}

  /** What becomes of the turn under way. @throws {TurnRunningError} */
  async makeWayIn(
    manager: EntityManager,
    group: Group,
    open: readonly OpenTurn[],
    whenBusy: MessageContentDto['when_busy'],
  ): Promise<Way> {
    const { turns, events } = await this.turns.endDeadIn(manager, group.id, open);
    const [current] = turns;
    if (!current) return { isFree: true, events };
    if (whenBusy === 'reject') throw new TurnRunningError(current.id);
    if (whenBusy !== 'interrupt') return { isFree: false, events };
    return {
      isFree: false,
      events: [...events, ...(await this.turns.stopIn(manager, group.id, current, 'interrupted'))],
    };
  }

  /** Its first round: its run is spared a transaction before the first word. Of turns in line that is settled when they begin. */
  openIn(
    manager: EntityManager,
    group: Group,
    members: readonly GroupMember[],
    message: GroupMessage,
    { id, runId }: Pick<NewTurn, 'id' | 'runId'>,
  ): Promise<{ routing: Routing; events: readonly GroupEvent[] }> {
    const turn = { group_id: group.id, turn_id: id, message_id: message.id };
    return this.routing.openIn(manager, group, { turn, runId, members, message });
  }

  /** The last thing that a transaction does. */
  startIn(manager: EntityManager, group: Group, turn: NewTurn): Promise<void> {
    return this.turns.startIn(manager, group, turn);
  }

  /** Of a turn whose run somebody else starts. */
  recordIn(manager: EntityManager, group: Group, turn: NewTurn): Promise<void> {
    return this.turns.recordIn(manager, group, turn);
  }
}
