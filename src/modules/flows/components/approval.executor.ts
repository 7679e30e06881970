import { Injectable } from '@nestjs/common';
import { type RunContext, type RunEvent, StepFailure } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { NodeExecutor as Executor, NodeWork } from '../program/node-executor.js';
import { TEXT_IN, TEXT_OUT, TEXT_OUTPUT } from './text-component.js';
import { textField } from './text-field.js';

const COMPONENT: ComponentDefinition = {
  type: 'approval',
  name: 'Approval',
  description: 'Waits for a person; passes the text on when it is approved, or the text that the person sends instead.',
  category: 'utility',
  icon: 'user-check',
  color: 'amber',
  providerType: 'none',
  usesLlm: false,
  version: 1,
  fields: [
    { key: 'prompt', label: 'Question', kind: 'textarea', required: false, placeholder: 'May this go out?' },
    // Beside it stands the setting `timeout_ms`: after it nobody waits any more.
  ],
  ports: [TEXT_IN, TEXT_OUT],
  api: { executor: 'pass_through', inputMapping: { text: 'port:text-in', prompt: 'field:prompt' } },
  outputs: [TEXT_OUTPUT],
};

const APPROVE = 'approve';
const REJECT = 'reject';

interface Decision {
  readonly decision: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

@Injectable()
@NodeExecutor('approval')
export class ApprovalExecutor implements Executor {
  readonly component = COMPONENT;

  async awaitBefore(work: NodeWork, run: RunContext): Promise<Decision> {
    const key = `approval:${work.nodeId}`;
    const { timeoutMs } = work.settings;
    const requested = requestedEvent(work, run, key, await expiryOf(work, run));
    return run.waitFor<Decision>(key, {
      requested,
      resolved: (answer) => ({ type: 'approval.resolved', data: { run_id: run.runId, key, ...answer } }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  }

  /** @throws {StepFailure} for any decision but to approve */
  async execute({ inputs, awaited }: NodeWork): Promise<NodeOutput> {
    const { decision, data } = awaited as Decision; // what awaitBefore answered
    if (decision === APPROVE) return { text: (data && textField(data, 'text')) || inputs.text };
    const details = { decision, ...(data && { data }) };
    throw new StepFailure({ code: 'APPROVAL_REJECTED', message: 'It was not approved', details });
  }
}

function requestedEvent({ data, inputs, nodeId }: NodeWork, run: RunContext, key: string, expiresAt?: Date): RunEvent {
  const prompt = textField(data, 'prompt') || inputs.text;
  const expiry = expiresAt && { expires_at: expiresAt.toISOString() };
  const options = [APPROVE, REJECT];
  return {
    type: 'approval.requested',
    data: { run_id: run.runId, key, prompt, options, node_id: nodeId, text: inputs.text, ...expiry },
  };
}

async function expiryOf({ nodeId, settings }: NodeWork, run: RunContext): Promise<Date | undefined> {
  if (settings.timeoutMs === undefined) return undefined;
  const now = await run.now(`asked:${nodeId}`);
  return new Date(now.getTime() + settings.timeoutMs);
}
