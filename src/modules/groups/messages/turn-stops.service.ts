import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Idempotency } from '../../../common/idempotency/idempotency.js';
import { GroupAccess } from '../access/group-access.js';
import { GroupStreams } from '../group-streams.js';
import { TurnsService } from './turns.service.js';

/** People who have a group be silent. */
@Injectable()
export class TurnStops {
  constructor(
    private readonly database: DataSource,
    private readonly access: GroupAccess,
    private readonly turns: TurnsService,
    private readonly streams: GroupStreams,
    private readonly idempotency: Idempotency,
  ) {}

  /** Ends the turn under way and those in line. @throws {GroupNotFoundError} @throws {NotAllowedError} */
  stop(userId: string, groupId: string): Promise<string[]> {
    return this.database.transaction(async (manager) => {
      const group = await this.access.lock(manager, userId, groupId, 'run');
      const { turns, events } = await this.turns.openIn(manager, group.id);
      for (const turn of turns) events.push(...(await this.turns.stopIn(manager, group.id, turn, 'stopped')));
      await this.idempotency.answerIn(manager, { turn_ids: turns.map(({ id }) => id) });
      await this.streams.appendIn(manager, group, events);
      return turns.map(({ id }) => id);
    });
  }
}
