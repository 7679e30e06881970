import { Injectable } from '@nestjs/common';
import { InvalidInputError } from '../../common/errors/invalid-input.error.js';
import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { ExecutionService } from '../execution/execution.service.js';
import { AccessPolicy } from '../projects/access-policy.js';
import type { StartExecutionDto } from './dto/start-flow-run.dto.js';
import type { Flow } from './entities/flow.entity.js';
import { FlowsService } from './flows.service.js';
import { GraphReader, type RawGraph } from './graph-reader.js';
import { FLOW_KIND, type FlowRunInput } from './program/flow-run.js';

/** What is asked for when a flow is started, over whichever way in. */
export type StartFlowRun = Omit<StartExecutionDto, 'wait_seconds'>;

/** Starts flows: stored ones, drafts of them, and graphs that nobody has saved. */
@Injectable()
export class FlowRunsService {
  constructor(
    private readonly flows: FlowsService,
    private readonly graphs: GraphReader,
    private readonly execution: ExecutionService,
    private readonly policy: AccessPolicy,
  ) {}

  /**
   * @throws {FlowNotFoundError} when the flow is absent, or another's
   * @throws {FlowInvalidError} with every fault of the graph
   */
  async start(user: Pick<AuthenticatedUser, 'id'>, request: StartFlowRun): Promise<{ readonly runId: string }> {
    const flow = request.flow_id === undefined ? undefined : await this.flows.getToRun(user.id, request.flow_id);
    const projectId = request.project_id?.toLowerCase() ?? flow?.projectId ?? null;
    if (projectId !== null) await this.policy.assertMayIn(user.id, 'run', projectId);
    const input = this.inputOf(request, flow);
    return this.execution.start({
      kind: FLOW_KIND,
      input,
      ownerId: user.id,
      projectId,
      refs: refsOf(request, flow),
      answer: { reused: [] },
      ...(request.timeout_ms !== undefined && { timeoutMs: request.timeout_ms }),
    });
  }

  private inputOf(request: StartFlowRun, flow: Flow | undefined): FlowRunInput {
    const { nodes, edges, inputs } = this.graphs.readRunnable(rawGraphOf(request, flow));
    const providerId = request.provider_id ?? flow?.providerId;
    return {
      nodes: nodes.map(({ id, type, data }) => ({ id, type, data })),
      edges: edges.map(({ source, target, target_handle }) => ({
        source,
        target,
        ...(target_handle && { target_handle }),
      })),
      ...(Object.keys(inputs).length > 0 && { inputs }),
      ...(providerId && { provider_id: providerId }),
      ...(request.max_parallel_nodes !== undefined && { max_parallel_nodes: request.max_parallel_nodes }),
    };
  }
}

/** Given nodes are a draft and win over those that are stored. */
function rawGraphOf({ nodes, edges, inputs }: StartFlowRun, flow: Flow | undefined): RawGraph {
  if (nodes) return { nodes, edges, inputs };
  if (flow) return { nodes: flow.nodes, edges: flow.edges, inputs };
  throw new InvalidInputError([{ path: '/nodes', code: 'REQUIRED', message: 'is required unless flow_id is given' }]);
}

/** A draft is no version of its flow. */
function refsOf({ nodes }: StartFlowRun, flow: Flow | undefined): Record<string, string | number> {
  if (!flow) return {};
  return { flow_id: flow.id, ...(!nodes && { flow_version: flow.version }) };
}
