import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Group } from '../entities/group.entity.js';
import { GroupStreams } from '../group-streams.js';
import { TurnsService } from './turns.service.js';

const LIMIT = 100;
/** Of turns under way and in line, which are few. */
const ORPHANED = `SELECT DISTINCT t.group_id AS "groupId" FROM group_turns t
  LEFT JOIN run_control c ON c.run_id = t.run_id
  WHERE t.status <> 'ended' AND (c.run_id IS NULL OR c.status IN ('completed', 'failed', 'cancelled')) LIMIT ${LIMIT}`;

/** Turns whose run was cancelled, or failed: they are told of as over. */
@Injectable()
export class OrphanedTurns {
  constructor(
    private readonly database: DataSource,
    private readonly turns: TurnsService,
    private readonly streams: GroupStreams,
  ) {}

  async end(): Promise<void> {
    const groups = await this.database.query<{ groupId: string }[]>(ORPHANED);
    for (const { groupId } of groups) await this.endIn(groupId);
  }

  private async endIn(groupId: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      const query = manager.createQueryBuilder(Group, 'room').where('room.id = :groupId', { groupId });
      const group = await query.setLock('pessimistic_write').getOne();
      if (!group) return;
      const { events } = await this.turns.openIn(manager, groupId);
      if (events.length > 0) await this.streams.appendIn(manager, group, events);
    });
  }
}
