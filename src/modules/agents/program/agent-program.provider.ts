import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ProgramDefinition } from '../../../engine/index.js';
import { whenDatabaseAnswers } from '../../execution/database-in-step.js';
import { Program } from '../../execution/program.decorator.js';
import { SchemaChecks } from '../../tools/schema-checks.js';
import { AgentMemory } from '../memory/agent-memory.service.js';
import { AgentRecall } from '../memory/agent-recall.service.js';
import { AgentModel } from '../prompt/agent-model.service.js';
import { AgentRooms } from '../rooms/agent-rooms.js';
import { AgentTools } from '../tools/agent-tools.service.js';
import { AgentPreparation } from './agent-preparation.service.js';
import type { AgentPorts } from './agent-ports.js';
import { agentProgram } from './agent-program.definition.js';
import { AGENT_KIND, type AgentRunInput, type AgentRunOutput } from './agent-run.js';

/** Makes the agent program known to the engine. */
@Injectable()
@Program(AGENT_KIND)
export class AgentProgram {
  readonly definition: ProgramDefinition<AgentRunInput, AgentRunOutput>;

  constructor(
    preparation: AgentPreparation,
    model: AgentModel,
    tools: AgentTools,
    memory: AgentMemory,
    schemas: SchemaChecks,
    rooms: AgentRooms,
    recall: AgentRecall,
  ) {
    const ports: AgentPorts = {
      prepare: (input, scope, { signal }) => whenDatabaseAnswers(signal, () => preparation.prepare(input, scope)),
      planDelegation: (agentId, scope, { signal }) =>
        whenDatabaseAnswers(signal, () => preparation.planDelegation(agentId, scope)),
      recall: (input, scope, { signal }) => whenDatabaseAnswers(signal, () => recall.recall(input, scope)),
      summarize: (input, range, scope, step) => model.summarize(input, range, scope, step),
      ask: (question, scope, step) => model.ask(question, scope, step),
      callTool: (name, args, scope, step) => tools.call(name, args, scope, step),
      // What `transact` hands to its work is a transaction of TypeORM here.
      saveTurn: (manager, turn) => memory.saveTurn(manager as EntityManager, turn),
      saveRoomSummary: (manager, room, summary) => rooms.saveSummary(manager as EntityManager, room, summary),
      faultsIn: (schema, value) => schemas.faultsIn(schema, value),
      findRunTool: (name) => tools.findRunTool(name),
    };
    this.definition = agentProgram(ports);
  }
}
