import type { GroupMember } from '../entities/group-member.entity.js';
import type { Actor, BriefActor } from './turn-run.js';

export function briefActor({ id, alias, isOrchestrator, agentId }: GroupMember, heardTo: number): BriefActor {
  return { member_id: id, alias, is_orchestrator: isOrchestrator, agent_id: agentId, heard_to: heardTo };
}

/** With what it is told. Undefined when it is not among the members. Pure. */
export function wholeActor(brief: BriefActor, members: readonly GroupMember[]): Actor | undefined {
  const member = members.find(({ id }) => id === brief.member_id);
  if (!member) return undefined;
  const others = members.filter((other) => other !== member).map(described);
  return { ...brief, agent_id: member.agentId, settings: member.settings, others };
}

function described({ alias, kind }: GroupMember): string {
  return kind === 'user' ? `${alias} (a person)` : alias;
}
