import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError } from '../../../common/errors/domain.error.js';
import { StepFailure } from '../../../engine/index.js';
import type { AgentRunInput } from '../../agents/program/agent-run.js';
import { databaseInStep } from '../../execution/database-in-step.js';
import { streamName } from '../../streams/stream-name.js';
import { toMessageDto } from '../dto/message.dto.js';
import { GroupMember } from '../entities/group-member.entity.js';
import { type GroupEvent, GroupStreams } from '../group-streams.js';
import { GroupMemberNotFoundError } from '../groups.errors.js';
import { membersOf } from '../members/group-members.service.js';
import { definitionOfMember } from '../members/member-settings.js';
import { MemberChecks, type PinnedAgent } from '../members/member-checks.service.js';
import { type MessageDraft, MessageStore } from '../messages/message-store.js';
import { MESSAGE_END, textToKeep } from '../messages/message-text.js';
import { wholeActor } from './actor-rows.js';
import { basePrompt } from './base-prompt.js';
import type { Said, TurnScope } from './turn-ports.js';
import { holdTurn } from './turn-rows.js';
import type { Actor, BriefActor, TurnInput } from './turn-run.js';

export interface ActorAnswer {
  readonly turn: TurnInput;
  readonly round: number;
  readonly actor: BriefActor;
  readonly said: Said;
  readonly scope: TurnScope;
}

/** Members at work in a turn. */
@Injectable()
export class Actors {
  constructor(
    private readonly database: DataSource,
    private readonly members: MemberChecks,
    private readonly store: MessageStore,
    private readonly streams: GroupStreams,
  ) {}

  /** @throws {StepFailure} when its agent is not to be had any more */
  async plan(turn: TurnInput, given: Actor | BriefActor, scope: TurnScope): Promise<AgentRunInput> {
    const actor = 'settings' in given ? given : await this.lookUp(turn, given);
    const { alias, agent_id: agentId, settings } = actor;
    return runOf(turn, actor, await this.members.pin({ alias, agentId, settings }, scope).catch(asFailure));
  }

  /** Of a member that is no stored agent. Pure. */
  planOwn(turn: TurnInput, actor: Actor): AgentRunInput {
    return runOf(turn, actor, { agent: definitionOfMember(actor.alias, actor.settings) });
  }

  private async lookUp({ group_id: groupId }: TurnInput, brief: BriefActor): Promise<Actor> {
    const actor = wholeActor(brief, await databaseInStep(() => membersOf(this.database.manager, groupId)));
    return actor ?? asFailure(new GroupMemberNotFoundError(brief.member_id));
  }

  /** Exactly once, and not at all when the turn was ended by somebody. */
  async save(manager: EntityManager, answer: ActorAnswer): Promise<boolean> {
    const { turn, round, scope } = answer;
    const group = await holdTurn(manager, turn, round);
    if (!group) return false;
    const events = toolEvents(answer);
    const draft =
      'failure' in answer.said ? await failureDraft(manager, answer) : spokenDraft(answer, answer.said.text);
    const message = draft.content === '' ? undefined : await this.store.addIn(manager, group.id, draft);
    if (message) events.push({ type: 'group.message', data: toMessageDto(message) });
    await this.streams.appendIn(manager, group, events, scope.traceId);
    return true;
  }
}

function runOf(turn: TurnInput, actor: Actor, { agent, ...pinned }: PinnedAgent): AgentRunInput {
  const system_prompt = [basePrompt(actor), agent.system_prompt].filter((part) => part !== '').join('\n\n');
  const room = {
    stream: streamName('group', turn.group_id),
    id: turn.group_id,
    member_id: actor.member_id,
    turn_id: turn.turn_id,
    alias: actor.alias,
    heard_to: actor.heard_to,
    stop: [MESSAGE_END],
  };
  return { ...pinned, instruction: '', agent: { ...agent, system_prompt }, room };
}

function spokenDraft({ turn, actor, said, scope }: ActorAnswer, text: string): MessageDraft {
  const sender = { kind: 'agent' as const, alias: actor.alias, memberId: actor.member_id };
  const usage = 'usage' in said ? said.usage : null;
  return { turnId: turn.turn_id, runId: scope.runId, sender, content: textToKeep(text), usage };
}

/** For the Orchestrator, who decides what becomes of it. */
async function failureDraft(manager: EntityManager, { turn, actor, said, scope }: ActorAnswer): Promise<MessageDraft> {
  const orchestrator = await manager.findOneBy(GroupMember, { groupId: turn.group_id, isOrchestrator: true });
  const { code, message } = 'failure' in said ? said.failure : { code: '', message: '' };
  return {
    turnId: turn.turn_id,
    runId: scope.runId,
    sender: { kind: 'system', alias: 'system' },
    toMemberId: orchestrator?.id ?? null,
    content: `${actor.alias} did not answer: ${message} (${code})`,
  };
}

/** The results went back to the agent that called: it has answered with them. */
function toolEvents({ turn, round, actor, said }: ActorAnswer): GroupEvent[] {
  if ('failure' in said || said.tool_calls === 0) return [];
  const { group_id, turn_id } = turn;
  const data = { group_id, turn_id, round, rule: 'tool_calls', actors: [actor.alias], refused: [] };
  return [{ type: 'group.routed', data }];
}

function asFailure(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  throw new StepFailure({ code: error.code, message: error.message });
}
