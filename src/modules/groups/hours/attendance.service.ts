import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DatabaseClock } from '../../../common/time/database-clock.js';
import { localTime } from '../../../common/time/local-time.js';
import { toMessageDto } from '../dto/message.dto.js';
import { Group } from '../entities/group.entity.js';
import type { GroupMember } from '../entities/group-member.entity.js';
import type { GroupEvent } from '../group-streams.js';
import { MessageStore } from '../messages/message-store.js';
import { aliasKey, mentionsIn } from '../routing/mentions.js';
import { isOpen, opensAt } from './availability.js';

/** Whether, and from when, the agents of a group answer. */
@Injectable()
export class Attendance {
  constructor(
    private readonly clock: DatabaseClock,
    private readonly store: MessageStore,
  ) {}

  /** When they are there again; undefined: they are there now. */
  async awayUntil(manager: EntityManager, { availability }: Group): Promise<Date | undefined> {
    if (!availability) return undefined;
    const now = await this.clock.now(manager);
    if (isOpen(availability, now.getTime())) return undefined;
    return new Date(opensAt(availability, now.getTime()) ?? NEVER_MS);
  }

  /** Tells the people of it, once for each time that they are away. */
  async tellIn(manager: EntityManager, group: Group, until: Date): Promise<GroupEvent[]> {
    if (group.awayUntil?.getTime() === until.getTime()) return [];
    await manager.update(Group, { id: group.id }, { awayUntil: until });
    const message = await this.store.addIn(manager, group.id, {
      turnId: null,
      runId: null,
      sender: { kind: 'system', alias: 'system' },
      content: awayNote(group, until),
    });
    return message ? [{ type: 'group.message', data: toMessageDto(message) }] : [];
  }
}

/** A window that clocks which are put forward swallow each time does not come. */
const NEVER_MS = Date.parse('9999-12-31T00:00:00Z');

/** By its `ai_mode`, whatever time it is. Pure. */
export function wouldAnswer({ aiMode }: Group, members: readonly GroupMember[], content: string): boolean {
  if (aiMode !== 'mentions_only') return aiMode === 'on';
  const mentioned = new Set(mentionsIn(content).map(aliasKey));
  return members.some((member) => member.kind === 'agent' && mentioned.has(member.aliasKey));
}

function awayNote({ availability }: Group, until: Date): string {
  const timezone = availability?.timezone ?? 'UTC';
  const back = `${localTime(until.getTime(), timezone)} (${timezone})`;
  return `The agents are away until ${back}. They do not answer what is said before, but will have heard it.`;
}
