import type { AgentRunInput } from '../../agents/program/agent-run.js';
import type { MessageUsage } from '../entities/group-message.entity.js';
import type { RoutedMessage } from '../routing/router.js';
import type { Actor, BriefActor, Routing, TurnInput } from './turn-run.js';

/** Whose run it is. */
export interface TurnScope {
  readonly ownerId: string;
  readonly projectId: string | null;
  readonly runId: string;
  readonly traceId: string;
}

export interface RoundStart {
  readonly turn: TurnInput;
  readonly round: number;
  /** Of the round before. Null: what a person said, which began the turn. */
  readonly messages: readonly RoutedMessage[] | null;
  readonly notes: Readonly<Record<string, number>>;
}

/** What became of one actor. */
export type Said =
  | { readonly text: string; readonly tool_calls: number; readonly usage: MessageUsage | null }
  | { readonly failure: { readonly code: string; readonly message: string } };

/** What the turn program needs from outside. `manager` is that of the transaction, which they use alone. */
export interface TurnPorts {
  /** Asks the router and tells of its decision. Null: the turn was ended by somebody. */
  route(manager: unknown, start: RoundStart, scope: TurnScope): Promise<Routing | null>;
  /** The run of a member that is no stored agent: the same for the same actor. */
  planOwn(turn: TurnInput, actor: Actor): AgentRunInput;
  /** The run of a stored agent, or of a brief actor, as it is now. @throws {StepFailure} when it cannot be had any more */
  plan(turn: TurnInput, actor: Actor | BriefActor, scope: TurnScope): Promise<AgentRunInput>;
  /** Stores what the actor said, and tells of it. False: the turn was ended by somebody. */
  save(
    manager: unknown,
    turn: TurnInput,
    round: number,
    actor: BriefActor,
    said: Said,
    scope: TurnScope,
  ): Promise<boolean>;
  /** For one actor, in a round. */
  readonly actorTimeoutMs: number;
}
