import { aliasKey, mentionsIn } from './mentions.js';

export type Rule =
  | 'turn_limit'
  | 'no_messages'
  | 'system_error'
  | 'task_complete'
  | 'tool_calls'
  | 'mentions'
  | 'to_orchestrator'
  | 'no_command';

export const TASK_COMPLETE = 'TASK_COMPLETE';
/** Of notes on unknown aliases, per sender and turn. */
export const MAX_NOTES = 2;
/** Of what is mentioned in vain, in a round and in a note; a message has room for thousands. */
const MAX_REFUSED = 50;
const MAX_TOLD = 3;

/** A member as far as the router goes. */
export interface RoutedMember {
  readonly alias: string;
  readonly kind: 'agent' | 'user';
  readonly is_orchestrator: boolean;
}

/** One message of the last round: what was said since the router was asked before. */
export interface RoutedMessage {
  /** `failure`: an actor did not get to answer. */
  readonly kind: 'user' | 'agent' | 'failure';
  readonly alias: string;
  readonly text: string;
  /** Tools that it wants called, or whose results are there. */
  readonly tool_calls?: number;
}

export interface RoutingInput {
  /** The one that would begin, counted from 1. */
  readonly round: number;
  readonly max_rounds: number;
  readonly policy: 'orchestrated' | 'direct';
  readonly members: readonly RoutedMember[];
  readonly messages: readonly RoutedMessage[];
  /** Notes that each sender was given in this turn, by alias in lower case. */
  readonly notes: Readonly<Record<string, number>>;
}

export interface RefusedMention {
  readonly alias: string;
  readonly reason: 'not_a_member' | 'not_an_agent' | 'oneself';
}

/** What a sender is told of aliases that nobody has. */
export interface UnknownNote {
  readonly to: string;
  readonly aliases: readonly string[];
}

/** Who speaks next: nobody when it ends. */
export interface RoutingDecision {
  readonly rule: Rule;
  readonly ends: boolean;
  /** Aliases of agents that are members. */
  readonly actors: readonly string[];
  readonly refused: readonly RefusedMention[];
  readonly notes: readonly UnknownNote[];
}

/** Decides who speaks next; the first rule that applies. Pure: the same messages and members give the same decision. */
export function route(input: RoutingInput): RoutingDecision {
  const { messages, round, max_rounds: most } = input;
  if (round > most) return end('turn_limit');
  if (messages.length === 0) return next('no_messages', orchestratorsOf(input));
  const failed = messages.filter(({ kind }) => kind === 'failure');
  // Who failed just now is not asked to see to its own failure.
  if (failed.some((message) => isOrchestrator(input, message))) return end('system_error');
  if (failed.length > 0) return next('system_error', orchestratorsOf(input));
  const isComplete = (message: RoutedMessage) => message.text.includes(TASK_COMPLETE) && closes(input, message);
  if (messages.some(isComplete)) return end('task_complete');
  const callers = callersIn(input);
  return callers.length > 0 ? next('tool_calls', callers) : byWords(input);
}

function byWords(input: RoutingInput): RoutingDecision {
  const { actors, refused, notes } = mentionedIn(input);
  const told = { refused, notes };
  if (actors.length > 0) return { ...next('mentions', actors), ...told };
  // An agent that named only such as are not there may name others.
  const corrected = agentsAmong(
    input,
    notes.map(({ to }) => to),
  );
  if (corrected.length > 0) return { ...next('mentions', corrected), ...told };
  if (input.messages.every((message) => closes(input, message))) return { ...end('no_command'), ...told };
  return { ...next('to_orchestrator', directAgents(input) ?? orchestratorsOf(input)), ...told };
}

function mentionedIn(input: RoutingInput): Pick<RoutingDecision, 'actors' | 'refused' | 'notes'> {
  const byKey = new Map(input.members.map((member) => [aliasKey(member.alias), member]));
  const actors = new Set<string>();
  const refused: RefusedMention[] = [];
  const notes: UnknownNote[] = [];
  for (const { alias: sender, text } of input.messages) {
    const mentioned = mentionsIn(text).map((alias) => ({ alias, member: byKey.get(aliasKey(alias)) }));
    const unknown = mentioned.filter(({ member }) => !member).map(({ alias }) => alias);
    for (const { alias, member } of mentioned) {
      const reason = refusalOf(member, sender);
      if (member && reason === undefined) actors.add(member.alias);
      if (reason !== undefined && refused.length < MAX_REFUSED) refused.push({ alias, reason });
    }
    if (unknown.length > 0 && mayBeTold(input, sender)) notes.push({ to: sender, aliases: unknown.slice(0, MAX_TOLD) });
  }
  return { actors: [...actors], refused, notes };
}

function refusalOf(member: RoutedMember | undefined, sender: string): RefusedMention['reason'] | undefined {
  if (!member) return 'not_a_member';
  if (member.kind === 'user') return 'not_an_agent';
  return aliasKey(member.alias) === aliasKey(sender) ? 'oneself' : undefined;
}

function mayBeTold({ notes }: RoutingInput, sender: string): boolean {
  return (notes[aliasKey(sender)] ?? 0) < MAX_NOTES;
}

function callersIn(input: RoutingInput): string[] {
  const callers = input.messages.filter(({ tool_calls: calls = 0 }) => calls > 0);
  return agentsAmong(
    input,
    callers.map(({ alias }) => alias),
  );
}

/** Those who are still members, under their own names. */
function agentsAmong({ members }: RoutingInput, aliases: readonly string[]): string[] {
  const keys = new Set(aliases.map(aliasKey));
  return members.filter(({ alias, kind }) => kind === 'agent' && keys.has(aliasKey(alias))).map(({ alias }) => alias);
}

/** Whether it is by one whose plain answer ends the turn. */
function closes(input: RoutingInput, { kind, alias }: RoutedMessage): boolean {
  const speakers = [...orchestratorsOf(input), ...(directAgents(input) ?? [])];
  return kind === 'agent' && speakers.some((speaker) => aliasKey(speaker) === aliasKey(alias));
}

function isOrchestrator(input: RoutingInput, { alias }: RoutedMessage): boolean {
  return orchestratorsOf(input).some((one) => aliasKey(one) === aliasKey(alias));
}

/** The one agent of a room without orchestration. */
function directAgents({ policy, members }: RoutingInput): string[] | undefined {
  const agents = members.filter(({ kind, is_orchestrator }) => kind === 'agent' && !is_orchestrator);
  return policy === 'direct' && agents.length === 1 ? agents.map(({ alias }) => alias) : undefined;
}

function orchestratorsOf({ members }: RoutingInput): string[] {
  return members.filter(({ is_orchestrator }) => is_orchestrator).map(({ alias }) => alias);
}

function next(rule: Rule, actors: readonly string[]): RoutingDecision {
  return { rule, ends: false, actors, refused: [], notes: [] };
}

function end(rule: Rule): RoutingDecision {
  return { rule, ends: true, actors: [], refused: [], notes: [] };
}
