import { type FailureInfo, RecordedFailure, type RunContext } from '../../../engine/index.js';
import { agentDelegated } from '../../agents/program/agent-events.js';
import { AGENT_KIND, type AgentRunInput, type AgentRunOutput } from '../../agents/program/agent-run.js';
import type { RoleName } from '../../projects/role-names.js';
import type { Assignment } from '../roles/instructions.js';
import type { RoleAgents } from '../roles/role-agents.js';
import type { SwarmFact } from '../state/swarm-facts.js';
import { MAX_ITERATIONS } from '../state/swarm-state.js';
import { streamName } from '../../streams/stream-name.js';
import { handOffIn, type RoleReport } from '../tools/reports.js';
import type { StateRecorder } from './state-recorder.js';
import type { SwarmPorts } from './swarm-ports.js';
import { SwarmFailure } from './swarm-run.js';

const MAX_LOG_CHARS = 1_000;

export interface RoleJob {
  /** Unique within the run. */
  readonly key: string;
  readonly role: RoleName;
  readonly taskId: string | null;
  readonly assignment: Assignment;
  readonly began: SwarmFact;
  /** What its end means. */
  readonly ended: (report: RoleReport, text: string) => readonly SwarmFact[];
}

type Said = { readonly text: string } | { readonly error: FailureInfo };

/** Has roles work, each in a child run of kind `agent`. */
export class RoleWork {
  constructor(
    private readonly ctx: RunContext,
    private readonly agents: RoleAgents,
    private readonly ports: SwarmPorts,
    private readonly recorder: StateRecorder,
  ) {}

  /** @throws {SwarmFailure} when the iterations are used up. Answers why the role failed, if it did. */
  async carryOut(job: RoleJob): Promise<FailureInfo | undefined> {
    assertIterationLeft(this.recorder.state.iteration);
    await this.recorder.record(`${job.key}:began`, [job.began]);
    const said = await this.runChild(job);
    const report = await this.ctx.step(`${job.key}:report`, () => this.ports.report(childKey(job), this.ctx));
    const ended = 'error' in said ? job.ended(report, '') : job.ended(report, said.text);
    await this.recorder.record(`${job.key}:ended`, [...factsOf(job, report, said), ...ended]);
    return 'error' in said ? said.error : undefined;
  }

  private async runChild(job: RoleJob): Promise<Said> {
    try {
      const { output } = await this.ctx.child<AgentRunInput, AgentRunOutput>(
        childKey(job),
        AGENT_KIND,
        this.inputOf(job),
        {
          started: (childRunId) => agentDelegated(job.key, childRunId, job.role),
        },
      );
      return { text: output };
    } catch (error) {
      if (error instanceof RecordedFailure) return { error: error.info };
      throw error;
    }
  }

  /** What it writes is shown to those who follow the project. */
  private inputOf({ role, taskId, assignment: { instruction, attachments } }: RoleJob): AgentRunInput {
    const { projectId } = this.ctx;
    return {
      instruction,
      agent: this.agents[role],
      ...(attachments.length > 0 && { attachments }),
      ...(projectId !== null && {
        shown_in: { stream: streamName('project', projectId), marks: { role, task_id: taskId } },
      }),
    };
  }
}

function childKey({ key }: RoleJob): string {
  return `${key}:run`;
}

function assertIterationLeft(iteration: number): void {
  if (iteration < MAX_ITERATIONS) return;
  const message = `The swarm has not come to an end within ${MAX_ITERATIONS} iterations`;
  throw new SwarmFailure({ code: 'ITERATIONS_EXHAUSTED', message, details: { max_iterations: MAX_ITERATIONS } });
}

/** What is so whatever the role was to do. */
function factsOf({ role, taskId }: RoleJob, report: RoleReport, said: Said): SwarmFact[] {
  const { run_id, at, files } = report;
  const words = 'error' in said ? `${said.error.code}: ${said.error.message}` : said.text;
  const message = words.slice(0, MAX_LOG_CHARS).toWellFormed();
  const hand = handOffIn(report);
  return [
    ...(files.length > 0 ? [{ kind: 'files_written', files } as const] : []),
    { kind: 'logged', entry: { role, task_id: taskId, run_id, message, at } },
    ...(hand ? [{ kind: 'handed_off', hand_off: { ...hand, from: role, task_id: taskId, at } } as const] : []),
  ];
}
