import { RecordedFailure, type RunContext } from '../../../engine/index.js';
import { AGENT_KIND, type AgentRunInput, type AgentRunOutput } from '../../agents/program/agent-run.js';
import { aliasKey } from '../routing/mentions.js';
import type { RoutedMessage, RoutingDecision } from '../routing/router.js';
import type { Said, TurnPorts, TurnScope } from './turn-ports.js';
import type { Actor, BriefActor, Routing, TurnInput, TurnOutput } from './turn-run.js';

const STOPPED = 'stopped';

/** One turn of a group: the router says who speaks, they speak side by side, until it says that nobody does. */
export class Turn {
  private readonly scope: TurnScope;
  /** On unknown aliases, by sender. */
  private readonly notes: Record<string, number> = {};

  constructor(
    private readonly ctx: RunContext,
    private readonly input: TurnInput,
    private readonly ports: TurnPorts,
  ) {
    const { ownerId, projectId, runId, traceId } = ctx;
    this.scope = { ownerId, projectId, runId, traceId };
  }

  async run(): Promise<TurnOutput> {
    let messages: readonly RoutedMessage[] | null = null;
    for (let round = 1; ; round += 1) {
      const routing = await this.route(round, messages);
      if (routing === null) return this.outcome(STOPPED, round - 1);
      const { decision, actors } = routing;
      if (decision.ends) return this.outcome(decision.rule, round - 1);
      this.noted(decision);
      const said = await Promise.all(actors.map((actor, index) => this.act(round, index + 1, actor)));
      messages = said.flatMap((one) => one ?? []);
    }
  }

  private route(round: number, messages: readonly RoutedMessage[] | null): Promise<Routing | null> {
    if (round === 1 && this.input.opening) return Promise.resolve(this.input.opening);
    const start = { turn: this.input, round, messages, notes: { ...this.notes } };
    return this.ctx.transact(`route:${round}`, (manager) => this.ports.route(manager, start, this.scope));
  }

  private noted({ notes }: RoutingDecision): void {
    for (const { to } of notes) this.notes[aliasKey(to)] = (this.notes[aliasKey(to)] ?? 0) + 1;
  }

  /** Undefined: it has nothing to say, or the turn was ended by somebody. */
  private async act(round: number, number: number, actor: Actor | BriefActor): Promise<RoutedMessage | undefined> {
    const key = `${round}.${number}`;
    const said = await this.ask(key, actor);
    const save = (manager: unknown) => this.ports.save(manager, this.input, round, actor, said, this.scope);
    const isKept = await this.ctx.transact(`say:${key}`, save);
    if (!isKept) return undefined;
    if ('failure' in said) return { kind: 'failure', alias: actor.alias, text: said.failure.code };
    return { kind: 'agent', alias: actor.alias, text: said.text };
  }

  private async ask(key: string, actor: Actor | BriefActor): Promise<Said> {
    try {
      const input = await this.plan(key, actor);
      const { agent_id, agent_version } = input;
      const refs = {
        group_id: this.input.group_id,
        ...(agent_id && { agent_id }),
        ...(agent_version && { agent_version }),
      };
      const options = { refs, timeoutMs: this.ports.actorTimeoutMs };
      const answer = await this.ctx.child<AgentRunInput, AgentRunOutput>(`actor:${key}`, AGENT_KIND, input, options);
      const { tool_calls = 0, ...usage } = answer.spent ?? {};
      return { text: answer.output, tool_calls, usage: 'input_tokens' in usage ? usage : null };
    } catch (error) {
      if (error instanceof RecordedFailure) return { failure: { code: error.info.code, message: error.info.message } };
      throw error;
    }
  }

  /** What the journal has of a whole actor says it all, but for what a stored agent is. */
  private async plan(key: string, actor: Actor | BriefActor): Promise<AgentRunInput> {
    if (actor.agent_id === null && 'settings' in actor) return this.ports.planOwn(this.input, actor);
    const work = () => this.ports.plan(this.input, actor, this.scope);
    return this.ctx.step(`plan:${key}`, work, { overlapsCommit: true });
  }

  private outcome(reason: string, rounds: number): TurnOutput {
    return { turn_id: this.input.turn_id, reason, rounds };
  }
}
