import { Injectable } from '@nestjs/common';
import { PickType } from '@nestjs/swagger';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import { toInputFaults } from '../../../common/http/input-faults.js';
import { AgentPins } from '../../agents/runs/agent-pins.service.js';
import { AgentRunsService, type StartAgentRun } from '../../agents/runs/agent-runs.service.js';
import { ExecuteAgentDto } from '../../agents/runs/execute-agent.dto.js';
import type { Task } from '../entities/task.entity.js';
import { TaskConversations } from './task-conversations.service.js';
import { type TargetContent, type TargetKind, type TargetRun, TaskTargets, withPrompt } from './task-target.js';

type Owner = Pick<Task, 'ownerId' | 'projectId'>;

const FIELDS = ['agent_id', 'agent', 'instruction', 'attachments', 'timeout_ms', 'budget'] as const;

/** As of `POST /agents/execute`; whether somebody waits, and where it belongs, is the task's. */
class AgentTargetDto extends PickType(ExecuteAgentDto, FIELDS) {}

/** `{ kind: 'agent', agent_id | agent, instruction }`, by default of the task's prompts; and tasks that name no target. */
@Injectable()
@TaskTargets('agent')
export class AgentTarget implements TargetKind {
  constructor(
    private readonly runs: AgentRunsService,
    private readonly pins: AgentPins,
    private readonly conversations: TaskConversations,
  ) {}

  async check(task: TargetContent, { ownerId, projectId }: Owner): Promise<void> {
    const { agent_id: agentId, agent } = await read(task);
    await this.pins.pin({ agentId, agent }, { ownerId, projectId });
  }

  async prepare(task: Task): Promise<TargetRun> {
    const request = toRequest(await read(task));
    const projectId = task.projectId ?? undefined;
    const sessionId = task.dedicatedContext ? await this.conversations.of(task) : undefined;
    const { run } = await this.runs.prepare({ id: task.ownerId }, { ...request, projectId, sessionId });
    return task.dedicatedContext ? this.conversations.keptWith(task, run) : run;
  }
}

function toRequest({ agent_id, agent, instruction, attachments, timeout_ms, budget }: AgentTargetDto): StartAgentRun {
  return { agentId: agent_id, agent, instruction, attachments, timeoutMs: timeout_ms, budget };
}

/** What an agent is told here is what it is told by `POST /agents/execute`. @throws {InvalidInputError} */
async function read(task: TargetContent): Promise<AgentTargetDto> {
  const { kind: _kind, ...fields } = {
    kind: 'agent',
    ...ownAgent(task),
    ...withPrompt(task, 'instruction'),
    ...attached(task),
  };
  const dto = plainToInstance(AgentTargetDto, fields);
  const errors = await validate(dto, { whitelist: true, forbidNonWhitelisted: true });
  const faults = toInputFaults(errors, '').map((fault) => ({ ...fault, path: `/target${fault.path}` }));
  if (faults.length > 0) throw new InvalidInputError(faults);
  return dto;
}

/** A stored agent has a system prompt of its own. */
function ownAgent({ target, systemPrompt }: TargetContent): Pick<AgentTargetDto, 'agent'> {
  return target?.['agent_id'] === undefined ? { agent: { system_prompt: systemPrompt } } : {};
}

function attached({ attachments }: TargetContent): object {
  return attachments.length > 0 ? { attachments } : {};
}
