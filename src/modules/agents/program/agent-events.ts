import type { RecalledItem } from '../../memory/recall/recalled-item.js';
import type { RunEvent } from '../../../engine/index.js';
import type { Preparation } from './agent-ports.js';
import type { AgentMessage, AgentRunInput, AgentToolCall, ToolResult } from './agent-run.js';

export function agentStarted(input: AgentRunInput, { tools, missing, delegates }: Preparation): RunEvent {
  const { agent, agent_id, agent_version, session_id } = input;
  return {
    type: 'agent.started',
    data: {
      agent: agent.name,
      ...(agent_id && { agent_id, agent_version }),
      ...(session_id && { session_id }),
      tools: tools.map(({ name }) => name),
      delegates: delegates.map(({ name }) => name),
      ...(missing.length > 0 && { missing_tools: missing }),
    },
  };
}

/** The items are the result of their step: they are stored once. */
export function memoryRecalled(key: string, items: readonly RecalledItem[]): RunEvent {
  return { type: 'memory.recalled', data: { key, items } };
}

/** The message is the result of its step: it is stored once. */
export function agentMessage(key: string, message: AgentMessage): RunEvent {
  return { type: 'agent.message', data: { key, message } };
}

export function toolCalled(key: string, { id, name, ...call }: AgentToolCall, args: unknown): RunEvent {
  return { type: 'agent.tool.called', data: { key, call_id: id, tool: name, arguments: args ?? call.arguments } };
}

export function toolCompleted(key: string, { id, name }: AgentToolCall, result: ToolResult): RunEvent {
  return { type: 'agent.tool.completed', data: { key, call_id: id, tool: name, result } };
}

export function agentDelegated(key: string, childRunId: string, agent: string): RunEvent {
  return { type: 'agent.delegated', data: { key, child_run_id: childRunId, agent } };
}
