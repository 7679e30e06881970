import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../../../common/ids/id.js';
import { DatabaseClock } from '../../../common/time/database-clock.js';
import { toMessageDto } from '../dto/message.dto.js';
import { Group } from '../entities/group.entity.js';
import { GroupMember } from '../entities/group-member.entity.js';
import { GroupStreams } from '../group-streams.js';
import { Attendance } from '../hours/attendance.service.js';
import { MessageStore } from '../messages/message-store.js';
import { TurnsService } from '../messages/turns.service.js';
import { type DueMember, dueMembers, pendingIn } from './trigger-rows.js';
import { lookAtTriggers, type TriggerReason } from './triggers.js';

/** Members looked at in one round. */
const BATCH = 100;
/** One that cannot be looked at holds up no other. */
const POSTPONE = `UPDATE group_members SET trigger_look_at = clock_timestamp() + interval '1 minute' WHERE id = $1`;
const IS_ACTIVE = 'SELECT 1 FROM users WHERE id = $1 AND deactivated_at IS NULL';

/** Has agents speak unasked. Any number of processes may do so at once. */
@Injectable()
export class TriggerFiring {
  private readonly logger = new Logger(TriggerFiring.name);

  constructor(
    private readonly database: DataSource,
    private readonly clock: DatabaseClock,
    private readonly attendance: Attendance,
    private readonly store: MessageStore,
    private readonly turns: TurnsService,
    private readonly streams: GroupStreams,
  ) {}

  /** @returns whether there may be more */
  async fireDue(): Promise<boolean> {
    const due = await dueMembers(this.database.manager, await this.clock.now(this.database.manager), BATCH);
    for (const member of due) await this.attempt(member);
    return due.length === BATCH;
  }

  private async attempt(due: DueMember): Promise<void> {
    try {
      await this.database.transaction((manager) => this.lookAt(manager, due));
    } catch (error) {
      this.logger.error({ err: error, member_id: due.id }, 'A trigger could not be looked at; it is tried in a minute');
      await this.database.query(POSTPONE, [due.id]);
    }
  }

  /** Whoever holds the group sees to it, or looks again. */
  private async lookAt(manager: EntityManager, { id, groupId }: DueMember): Promise<void> {
    const query = manager.createQueryBuilder(Group, 'room').where('room.id = :groupId', { groupId });
    const group = await query.setLock('pessimistic_write').setOnLocked('skip_locked').getOne();
    if (!group) return;
    const member = await manager.findOneBy(GroupMember, { id, groupId });
    const now = await this.clock.now(manager);
    if (!member?.triggerLookAt || member.triggerLookAt > now) return;
    const reason = await this.reasonOf(manager, group, member, now);
    if (reason instanceof Date || reason === null) await manager.update(GroupMember, { id }, { triggerLookAt: reason });
    else await this.fire(manager, group, member, reason);
  }

  /** What sets it off, else when to look again. */
  private async reasonOf(
    manager: EntityManager,
    group: Group,
    { settings, triggerFrom }: GroupMember,
    now: Date,
  ): Promise<TriggerReason | Date | null> {
    const { triggers = null } = settings;
    if (triggers === null || group.aiMode === 'off') return null;
    const pending = await pendingIn(manager, group.id, triggerFrom, triggers.every_messages);
    const look = lookAtTriggers(triggers, pending, now);
    if ('lookAt' in look) return look.lookAt;
    const [owner] = await manager.query<unknown[]>(IS_ACTIVE, [group.ownerId]);
    return owner ? ((await this.attendance.awayUntil(manager, group)) ?? look.fires) : null;
  }

  /** The message that sets the member off, its turn, and from where it counts next: one transaction. */
  private async fire(manager: EntityManager, group: Group, member: GroupMember, reason: TriggerReason): Promise<void> {
    const turn = { id: newId(), runId: newId(), triggerKey: `${member.id}:${member.triggerFrom}` };
    const message = await this.store.addIn(manager, group.id, {
      turnId: turn.id,
      runId: turn.runId,
      sender: { kind: 'system', alias: 'system' },
      toMemberId: member.id,
      content: `@[${member.alias}] ${WHY[reason]} Say what you have to say to it.`,
    });
    if (!message) return;
    await manager.update(GroupMember, { id: member.id }, { triggerFrom: message.seq, triggerLookAt: null });
    await this.streams.appendIn(manager, group, [{ type: 'group.message', data: toMessageDto(message) }]);
    await this.turns.startIn(manager, group, { ...turn, messageId: message.id });
  }
}

const WHY: Readonly<Record<TriggerReason, string>> = {
  messages: 'Some messages have come.',
  minutes: 'Some time has gone by since people spoke.',
  silence: 'Nobody has said anything for a while.',
};
