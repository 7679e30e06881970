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

/** A member that is to speak. Part of the journal. */
export interface BriefActor {
  readonly member_id: string;
  readonly alias: string;
  readonly is_orchestrator: boolean;
  readonly agent_id: string | null;
  /** The last message that it is to hear. */
  readonly heard_to: number;
}

/** As it was when that was settled. */
export interface Actor extends BriefActor {
  readonly settings: MemberSettings;
  /** Who else is there, for its prompt. */
  readonly others: readonly string[];
}

/** What a round begins with. Part of the journal. */
export interface Routing {
  readonly decision: RoutingDecision;
  /** Brief: all that they are told would be too much at once. Each is looked up when its run is planned. */
  readonly actors: readonly (Actor | BriefActor)[];
}
