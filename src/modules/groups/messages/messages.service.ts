import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Idempotency } from '../../../common/idempotency/idempotency.js';
import { newId } from '../../../common/ids/id.js';
import type { StartRun } from '../../execution/execution.service.js';
import { User } from '../../users/entities/user.entity.js';
import { GroupAccess } from '../access/group-access.js';
import { type MessageContentDto, toMessageDto } from '../dto/message.dto.js';
import type { Group } from '../entities/group.entity.js';
import type { GroupMember } from '../entities/group-member.entity.js';
import { GroupMessage } from '../entities/group-message.entity.js';
import { GroupStreams } from '../group-streams.js';
import { GroupMessageNotFoundError, GroupSilentError } from '../groups.errors.js';
import { Attendance, wouldAnswer } from '../hours/attendance.service.js';
import { membersOf } from '../members/group-members.service.js';
import { aliasFor } from '../routing/aliases.js';
import { lookSoonIn } from '../triggers/trigger-rows.js';
import { MessageStore } from './message-store.js';
import { TurnBeginnings } from './turn-beginnings.service.js';
import { type NewTurn, type OpenTurn, openTurns, turnRun } from './turns.service.js';

export interface PostedMessage {
  readonly messageId: string;
  /** Null: the agents do not answer it. */
  readonly turn: { readonly id: string; readonly runId: string } | null;
}

/** Somebody who says something, under the lock of the group's row. */
interface Posting {
  readonly manager: EntityManager;
  readonly group: Group;
  readonly members: readonly GroupMember[];
  readonly open: readonly OpenTurn[];
  readonly userId: string;
  readonly dto: MessageContentDto;
}

/** What people say. A message and the turn that it begins commit together. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly database: DataSource,
    private readonly access: GroupAccess,
    private readonly store: MessageStore,
    private readonly beginnings: TurnBeginnings,
    private readonly streams: GroupStreams,
    private readonly attendance: Attendance,
    private readonly idempotency: Idempotency,
  ) {}

  /** @throws {GroupNotFoundError} @throws {NotAllowedError} @throws {TurnRunningError} */
  post(userId: string, groupId: string, dto: MessageContentDto): Promise<PostedMessage> {
    return this.database.transaction(async (manager) => {
      const group = await this.access.lock(manager, userId, groupId, 'run');
      const [members, open] = await Promise.all([membersOf(manager, group.id), openTurns(manager, group.id)]);
      const isAnswered = wouldAnswer(group, members, dto.content);
      const until = isAnswered ? await this.attendance.awayUntil(manager, group) : undefined;
      const posting = { manager, group, members, open, userId, dto };
      return isAnswered && !until ? this.postAnswered(posting) : this.postUnanswered(posting, until);
    });
  }

  /**
   * A message that is posted when somebody starts its turn: both commit together.
   *
   * @throws {GroupNotFoundError} @throws {NotAllowedError} @throws {GroupSilentError} when nobody would answer
   */
  async prepare(userId: string, groupId: string, content: string): Promise<StartRun> {
    const group = await this.assertAnswers(userId, groupId, content);
    if (await this.attendance.awayUntil(this.database.manager, group)) throw new GroupSilentError(group.id);
    const turn = { id: newId(), messageId: newId() };
    const alongside = (manager: EntityManager, runId: string) =>
      this.postIn(manager, userId, group.id, content, { ...turn, runId });
    return { ...turnRun(group, turn), alongside };
  }

  /**
   * Whatever time it is.
   *
   * @throws {GroupNotFoundError} @throws {NotAllowedError} @throws {GroupSilentError} when nobody would answer
   */
  async assertAnswers(userId: string, groupId: string, content: string): Promise<Group> {
    const group = await this.access.get(userId, groupId, 'run');
    const members = await membersOf(this.database.manager, group.id);
    if (!wouldAnswer(group, members, content)) throw new GroupSilentError(group.id);
    return group;
  }

  private async postAnswered({ manager, group, members, open, userId, dto }: Posting): Promise<PostedMessage> {
    const turn = { id: newId(), runId: newId() };
    const way = await this.beginnings.makeWayIn(manager, group, open, dto.when_busy);
    const message = await this.add(manager, group, members, userId, dto, turn);
    const opened = way.isFree ? await this.beginnings.openIn(manager, group, members, message, turn) : undefined;
    const said = { type: 'group.message', data: toMessageDto(message) };
    await Promise.all([
      this.streams.appendIn(manager, group, [...way.events, said, ...(opened?.events ?? [])]),
      this.beginnings.startIn(manager, group, { ...turn, messageId: message.id, opening: opened?.routing }),
    ]);
    return { messageId: message.id, turn };
  }

  /** @param until when the agents are there again, if they are away */
  private async postUnanswered(posting: Posting, until: Date | undefined): Promise<PostedMessage> {
    const { manager, group, members, userId, dto } = posting;
    const message = await this.add(manager, group, members, userId, dto, null);
    const told = until ? await this.attendance.tellIn(manager, group, until) : [];
    await this.streams.appendIn(manager, group, [{ type: 'group.message', data: toMessageDto(message) }, ...told]);
    await this.idempotency.answerIn(manager, { message_id: message.id, turn_id: null, run_id: null });
    return { messageId: message.id, turn: null };
  }

  private async postIn(
    manager: EntityManager,
    userId: string,
    groupId: string,
    content: string,
    turn: NewTurn,
  ): Promise<void> {
    const group = await this.access.lock(manager, userId, groupId, 'run');
    const members = await membersOf(manager, group.id);
    const message = await this.add(manager, group, members, userId, { content }, turn, turn.messageId);
    await this.streams.appendIn(manager, group, [{ type: 'group.message', data: toMessageDto(message) }]);
    await this.beginnings.recordIn(manager, group, turn);
  }

  private async add(
    manager: EntityManager,
    group: Group,
    members: readonly GroupMember[],
    userId: string,
    dto: MessageContentDto,
    turn: PostedMessage['turn'],
    id?: string,
  ): Promise<GroupMessage> {
    const parentMessageId = dto.parent_message_id?.toLowerCase() ?? null;
    await assertMessage(manager, group.id, parentMessageId);
    const message = await this.store.addIn(manager, group.id, {
      ...(id && { id }),
      turnId: turn?.id ?? null,
      runId: turn?.runId ?? null,
      sender: await senderOf(manager, members, userId),
      content: dto.content,
      parentMessageId,
    });
    if (!message) throw new Error('The group is gone in spite of its lock');
    if (members.some(({ settings }) => settings.triggers)) await lookSoonIn(manager, group.id);
    return message;
  }
}

async function assertMessage(manager: EntityManager, groupId: string, id: string | null): Promise<void> {
  if (id === null || (await manager.existsBy(GroupMessage, { id, groupId }))) return;
  throw new GroupMessageNotFoundError(id);
}

/** Members of the project need not be members of the group. */
async function senderOf(manager: EntityManager, members: readonly GroupMember[], userId: string) {
  const member = members.find((one) => one.userId === userId);
  if (member) return { kind: 'user' as const, alias: member.alias, userId, memberId: member.id };
  const { username } = await manager.findOneByOrFail(User, { id: userId });
  const taken = new Set(members.map((one) => one.aliasKey));
  return { kind: 'user' as const, alias: aliasFor(username, taken), userId };
}
