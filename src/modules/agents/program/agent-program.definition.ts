import type { ProgramDefinition } from '../../../engine/index.js';
import type { AgentPorts } from './agent-ports.js';
import { AgentRun } from './agent.program.js';
import { AGENT_KIND, type AgentRunInput, type AgentRunOutput } from './agent-run.js';

/** The program of runs of kind `agent`. */
export function agentProgram(ports: AgentPorts): ProgramDefinition<AgentRunInput, AgentRunOutput> {
  return {
    kind: AGENT_KIND,
    version: 2,
    replays: [1],
    run: (ctx, input) => new AgentRun(ctx, input, ports).run(),
    completed: ({ output, structured, truncated }) => ({ output, structured, truncated }),
  };
}
