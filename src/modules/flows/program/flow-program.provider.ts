import { Injectable } from '@nestjs/common';
import type { ProgramDefinition } from '../../../engine/index.js';
import { Program } from '../../execution/program.decorator.js';
import { ExecutorRegistry } from './executor-registry.js';
import { flowProgram } from './flow-program.definition.js';
import { FLOW_KIND, type FlowRunInput, type FlowRunOutput } from './flow-run.js';

/** Makes the flow program known to the engine. */
@Injectable()
@Program(FLOW_KIND)
export class FlowProgram {
  readonly definition: ProgramDefinition<FlowRunInput, FlowRunOutput>;

  constructor(executors: ExecutorRegistry) {
    this.definition = flowProgram((type) => executors.get(type));
  }
}
