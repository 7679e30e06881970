import type { MemberSettings } from '../entities/group-member.entity.js';
import type { RoutingDecision } from '../routing/router.js';

export const TURN_KIND = 'turn';

export interface TurnInput {
  readonly group_id: string;
  readonly turn_id: string;
  readonly message_id: string;
  /** Its first round, when that was settled with its message. */
  readonly opening?: Routing;
}

export interface TurnOutput {
  readonly turn_id: string;
  /** The rule that ended it; `stopped` when somebody else did. */
  readonly reason: string;
  readonly rounds: number;
}

/** A member that is to speak, as it was when that was settled. Part of the journal. */
export interface Actor {
  readonly member_id: string;
  readonly alias: string;
  readonly is_orchestrator: boolean;
  readonly agent_id: string | null;
  readonly settings: MemberSettings;
  /** Who else is there, for its prompt. */
  readonly others: readonly string[];
  /** The last message that it is to hear. */
  readonly heard_to: number;
}

/** What a round begins with. Part of the journal. */
export interface Routing {
  readonly decision: RoutingDecision;
  readonly actors: readonly Actor[];
}
