import type { ProgramDefinition } from '../../../engine/index.js';
import { FlowRun } from './flow.program.js';
import { FLOW_KIND, type FlowRunInput, type FlowRunOutput } from './flow-run.js';
import type { FindExecutor } from './node-executor.js';

/** The program of runs of kind `flow`. */
export function flowProgram(findExecutor: FindExecutor): ProgramDefinition<FlowRunInput, FlowRunOutput> {
  return {
    kind: FLOW_KIND,
    version: 1,
    run: (ctx, input) => new FlowRun(ctx, input, findExecutor).run(),
    completed: ({ outputs, failed_nodes }) => ({ outputs, failed_nodes }),
  };
}
