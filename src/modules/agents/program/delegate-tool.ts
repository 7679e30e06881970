import type { RunContext, StepContext } from '../../../engine/index.js';
import { type RunTool, type ToolAnswer, ToolFailure, type ToolManifest } from '../../tools/tool.js';
import { DELEGATE, normalName } from '../definitions/delegate-names.js';
import { agentDelegated } from './agent-events.js';
import type { AgentPorts, AgentScope, OfferedDelegate, OfferedTool } from './agent-ports.js';
import { AGENT_KIND, type AgentRunInput, type AgentRunOutput, type ChainLink } from './agent-run.js';

/** Agents at work for one another, the first included. */
export const MAX_CHAIN = 5;

const DESCRIPTION =
  'Hands a part of the work to another agent and answers what it found. It knows only what you tell it.';
const TEXT = { type: 'string' } as const;

/** As the model sees it: the delegates by name. */
export function delegateSchema(delegates: readonly OfferedDelegate[]): Readonly<Record<string, unknown>> {
  const skills = delegates.map(({ name, description }) => `${name}: ${description || 'no description'}`).join('\n');
  return schemaWith({ type: 'string', enum: delegates.map(({ name }) => name), description: skills.slice(0, 20_000) });
}

/** As its arguments are checked: names are compared without regard to case and spaces, which a schema cannot say. */
export function delegateOffer(delegates: readonly OfferedDelegate[]): OfferedTool {
  return {
    name: DELEGATE,
    version: 1,
    description: `${DESCRIPTION} Agents: ${delegates.map(({ name }) => name).join(', ')}`,
    input_schema: schemaWith(TEXT),
    approval: 'never',
    on_interrupted: 'retry',
    is_parallel: true,
    in_run: true,
  };
}

function schemaWith(agent: object): Readonly<Record<string, unknown>> {
  const instruction = { ...TEXT, description: 'What it is to do', minLength: 1 };
  const context = { ...TEXT, description: 'What it has to know for it' };
  const properties = { agent, instruction, context };
  return { type: 'object', properties, required: ['agent', 'instruction'], additionalProperties: false };
}

/** Delegation: a child run that inherits owner, project, trace and cancel. */
export class DelegateTool implements RunTool {
  readonly manifest: ToolManifest;
  private readonly chain: readonly ChainLink[];

  constructor(
    { chain = [], agent, agent_id }: AgentRunInput,
    private readonly delegates: readonly OfferedDelegate[],
    private readonly ports: AgentPorts,
    private readonly scope: AgentScope,
  ) {
    this.manifest = manifestOf(delegateOffer(delegates));
    this.chain = [...chain, { agent_id: agent_id ?? null, name: agent.name }];
  }

  async callInRun(args: Readonly<Record<string, unknown>>, run: RunContext, key: string): Promise<ToolAnswer> {
    const delegate = this.find(String(args['agent']));
    this.assertMayWorkFor(delegate);
    const { agent_id, name } = delegate;
    const work = (step: StepContext) => this.ports.planDelegation(agent_id, this.scope, step);
    const plan = await run.step(`${key}:plan`, work, { overlapsCommit: true });
    const input: AgentRunInput = { ...assignmentOf(args), agent_id, ...plan, chain: this.chain };
    const answer = await run.child<AgentRunInput, AgentRunOutput>(`${key}:run`, AGENT_KIND, input, {
      refs: { agent_id, agent_version: plan.agent_version },
      started: (childRunId) => agentDelegated(key, childRunId, name),
    });
    return { output: answer.structured ?? answer.output };
  }

  private find(name: string): OfferedDelegate {
    const found = this.delegates.find((delegate) => normalName(delegate.name) === normalName(name));
    if (found) return found;
    const names = this.delegates.map((delegate) => delegate.name).join(', ');
    throw new ToolFailure('DELEGATE_UNKNOWN', `There is no agent ${name} to delegate to. There are: ${names}.`);
  }

  private assertMayWorkFor({ agent_id, name }: OfferedDelegate): void {
    const way = [...this.chain.map((link) => link.name), name].join(' -> ');
    if (this.chain.some((link) => link.agent_id === agent_id)) {
      throw new ToolFailure('DELEGATION_CYCLE', `${name} already waits for this work: ${way}. Do it without it.`);
    }
    if (this.chain.length < MAX_CHAIN) return;
    const message = `At most ${MAX_CHAIN} agents work for one another: ${way}. Do this part yourself.`;
    throw new ToolFailure('DELEGATION_TOO_DEEP', message);
  }
}

/** The context is the word of a model: it comes as an attachment, which is marked as data. */
function assignmentOf(args: Readonly<Record<string, unknown>>): Pick<AgentRunInput, 'instruction' | 'attachments'> {
  const instruction = String(args['instruction']);
  const context = args['context'];
  if (typeof context !== 'string' || context === '') return { instruction };
  return { instruction, attachments: [{ name: 'context', text: context }] };
}

function manifestOf(offer: OfferedTool): ToolManifest {
  const { name, version, description, input_schema: inputSchema, approval } = offer;
  const limits = { timeoutSeconds: 86_400, permissions: ['agents'], onInterrupted: 'retry', isParallel: true } as const;
  return { name, version, description, inputSchema, approval, ...limits };
}
