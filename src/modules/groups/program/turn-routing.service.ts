import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { toMessageDto } from '../dto/message.dto.js';
import type { Group } from '../entities/group.entity.js';
import type { GroupMember } from '../entities/group-member.entity.js';
import { GroupMessage } from '../entities/group-message.entity.js';
import { type GroupEvent, GroupStreams } from '../group-streams.js';
import { membersOf } from '../members/group-members.service.js';
import { MessageStore } from '../messages/message-store.js';
import { TurnsService } from '../messages/turns.service.js';
import { aliasKey } from '../routing/mentions.js';
import { route, type RoutedMessage, type RoutingDecision, type RoutingInput } from '../routing/router.js';
import type { RoundStart, TurnScope } from './turn-ports.js';
import { holdTurn } from './turn-rows.js';
import { briefActor, wholeActor } from './actor-rows.js';
import type { Routing, TurnInput } from './turn-run.js';

const MAX_WHOLE = 20;
const MAX_WHOLE_BYTES = 32 * 1024;

/** How a turn begins, and what is to be told of that. */
export interface Opening {
  readonly routing: Routing;
  readonly events: readonly GroupEvent[];
}

/** A turn that may begin at once, with the message that sets it off. */
export interface Beginning {
  readonly turn: TurnInput;
  readonly runId: string;
  readonly members: readonly GroupMember[];
  readonly message: GroupMessage;
}

/** Begins each round of a turn: with the members as they are now, in one transaction with all that is told of it. */
@Injectable()
export class TurnRouting {
  constructor(
    private readonly store: MessageStore,
    private readonly turns: TurnsService,
    private readonly streams: GroupStreams,
  ) {}

  async route(manager: EntityManager, start: RoundStart, { traceId, runId }: TurnScope): Promise<Routing | null> {
    const { turn, round, notes } = start;
    const group = await holdTurn(manager, turn, round - 1);
    if (!group) return null;
    const members = await membersOf(manager, group.id);
    const messages = start.messages ?? (await firstMessage(manager, turn));
    const decision = decide(group, members, { round, messages, notes });
    const told = await this.noteIn(manager, group, turn, decision, members, runId);
    const events = [...(await this.begun(manager, turn, round)), ...told, routedEvent(turn, round, decision)];
    if (decision.ends) events.push(...(await this.ended(manager, turn, decision, round)));
    await this.streams.appendIn(manager, group, events, traceId);
    return routingOf(decision, members, group.lastSeq + told.length);
  }

  /**
   * The first round of a turn that waits for no other, settled in the transaction of its message: its run need not ask.
   *
   * @returns also what is to be told of it, after the message
   */
  async openIn(manager: EntityManager, group: Group, beginning: Beginning): Promise<Opening> {
    const { turn, runId, members, message } = beginning;
    const decision = decide(group, members, { round: 1, messages: [routedMessage(message)], notes: {} });
    const told = await this.noteIn(manager, group, turn, decision, members, runId);
    const routing = routingOf(decision, members, message.seq + told.length);
    return { routing, events: [startedEvent(turn), ...told, routedEvent(turn, 1, decision)] };
  }

  /** A turn before it whose run ended otherwise is told of here. */
  private async begun(manager: EntityManager, turn: TurnInput, round: number): Promise<GroupEvent[]> {
    if (round > 1) return [];
    const { events } = await this.turns.openIn(manager, turn.group_id);
    return [...events, startedEvent(turn)];
  }

  private ended(manager: EntityManager, turn: TurnInput, { rule }: RoutingDecision, round: number) {
    return this.turns.endIn(manager, turn.group_id, { id: turn.turn_id, rounds: round - 1 }, rule);
  }

  private async noteIn(
    manager: EntityManager,
    group: Group,
    turn: TurnInput,
    { notes }: RoutingDecision,
    members: readonly GroupMember[],
    runId: string,
  ): Promise<GroupEvent[]> {
    const events: GroupEvent[] = [];
    for (const { to, aliases } of notes) {
      const sender = members.find((member) => member.aliasKey === aliasKey(to));
      const content = noteOn(to, aliases, members);
      const message = await this.store.addIn(manager, group.id, {
        turnId: turn.turn_id,
        runId,
        sender: { kind: 'system', alias: 'system' },
        toMemberId: sender?.id ?? null,
        content,
      });
      if (message) events.push({ type: 'group.message', data: toMessageDto(message) });
    }
    return events;
  }
}

async function firstMessage(manager: EntityManager, { message_id: id }: TurnInput): Promise<RoutedMessage[]> {
  const message = await manager.findOneBy(GroupMessage, { id });
  return message ? [routedMessage(message)] : [];
}

function routedMessage(message: GroupMessage): RoutedMessage {
  // What the system says is nobody's own, whatever members are called.
  const alias = message.senderKind === 'system' ? '' : message.senderAlias;
  return { kind: 'user', alias, text: message.content };
}

function decide(
  { policy, maxRounds }: Group,
  members: readonly GroupMember[],
  asked: Pick<RoutingInput, 'round' | 'messages' | 'notes'>,
): RoutingDecision {
  return route({ ...asked, max_rounds: maxRounds, policy, members: members.map(toRouted) });
}

function routingOf(decision: RoutingDecision, members: readonly GroupMember[], heardTo: number): Routing {
  return { decision, actors: decision.ends ? [] : actorsOf(decision, members, heardTo) };
}

function toRouted({ alias, kind, isOrchestrator }: GroupMember) {
  return { alias, kind, is_orchestrator: isOrchestrator };
}

function startedEvent({ group_id, turn_id, message_id }: TurnInput): GroupEvent {
  return { type: 'group.turn.started', data: { group_id, turn_id, message_id } };
}

function routedEvent({ group_id, turn_id }: TurnInput, round: number, decision: RoutingDecision): GroupEvent {
  const { rule, actors, refused } = decision;
  return { type: 'group.routed', data: { group_id, turn_id, round, rule, actors, refused } };
}

/** What a journal takes at once is little: of many, or of those with long prompts, it has only who they are. */
function actorsOf({ actors }: RoutingDecision, members: readonly GroupMember[], heardTo: number): Routing['actors'] {
  const keys = new Set(actors.map(aliasKey));
  const briefs = members.filter(({ aliasKey: key }) => keys.has(key)).map((member) => briefActor(member, heardTo));
  if (briefs.length > MAX_WHOLE) return briefs;
  const whole = briefs.map((brief) => wholeActor(brief, members) ?? brief);
  return Buffer.byteLength(JSON.stringify(whole)) > MAX_WHOLE_BYTES ? briefs : whole;
}

function noteOn(to: string, aliases: readonly string[], members: readonly GroupMember[]): string {
  const agents = members.filter(({ kind }) => kind === 'agent').map(({ alias }) => `@[${alias}]`);
  return `To ${to}: nobody here has the name ${aliases.join(', ')}. Those who can answer are ${agents.join(', ')}.`;
}
