import { DomainError } from '../../common/errors/domain.error.js';
import type { GraphFault } from './graph/flow-graph.js';

export class ComponentNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'COMPONENT_NOT_FOUND';

  constructor(type: string) {
    super(`No component of type ${type}`, { type });
  }
}

export class FlowNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'FLOW_NOT_FOUND';

  constructor(flowId: string) {
    super(`No flow with id ${flowId}`, { flow_id: flowId });
  }
}

export class FlowVersionNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'FLOW_VERSION_NOT_FOUND';

  constructor(flowId: string, version: number | undefined) {
    super(`Flow ${flowId} has no version ${version}`, { flow_id: flowId, version });
  }
}

/** Carries every fault of the graph. */
export class FlowInvalidError extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'FLOW_INVALID';

  constructor(private readonly found: readonly GraphFault[]) {
    const [first] = found;
    const more = found.length > 1 ? ` (and ${found.length - 1} more)` : '';
    super(`The flow is not valid: ${first?.path} ${first?.message}${more}`);
  }

  override get faults(): readonly GraphFault[] {
    return this.found;
  }
}
