import { Injectable } from '@nestjs/common';
import type { StepContext } from '../../../engine/index.js';
import { AccessPolicy } from '../../projects/access-policy.js';
import { whenDatabaseAnswers } from '../../execution/database-in-step.js';
import { type AnyTool, isRunTool, type RunTool, ToolFailure, type ToolScope } from '../../tools/tool.js';
import { ToolCalls } from '../../tools/tool-calls.js';
import { ToolCatalogue } from '../../tools/tool-catalogue.js';
import { actsInProject, permissionDenied } from '../../tools/tool-permissions.js';
import { DELEGATE } from '../definitions/delegate-names.js';
import type { AgentScope, OfferedTool } from '../program/agent-ports.js';
import type { ToolResult } from '../program/agent-run.js';
import { failedWith } from '../program/tool-results.js';

export interface OfferedTools {
  readonly tools: readonly OfferedTool[];
  readonly missing: readonly string[];
}

/** The tools of agents: looked up when a run begins, called inside its steps. */
@Injectable()
export class AgentTools {
  constructor(
    private readonly catalogue: ToolCatalogue,
    private readonly calls: ToolCalls,
    private readonly policy: AccessPolicy,
  ) {}

  async offer(names: readonly string[], scope: ToolScope): Promise<OfferedTools> {
    const tools: OfferedTool[] = [];
    const missing: string[] = [];
    // Delegation is offered by whom there is to delegate to.
    for (const name of names.filter((one) => one !== DELEGATE)) {
      const tool = await this.catalogue.find(name, scope);
      if (tool) tools.push(offered(tool));
      else missing.push(name);
    }
    return { tools, missing };
  }

  /** What the tool fails with is a result like any other. */
  async call(
    name: string,
    args: Readonly<Record<string, unknown>>,
    { ownerId, projectId, runId, traceId }: AgentScope,
    { idempotencyKey, signal }: StepContext,
  ): Promise<ToolResult> {
    let used: Pick<ToolResult, 'tool_version'> = {};
    try {
      const tool = await whenDatabaseAnswers(signal, () => this.catalogue.find(name, { ownerId, projectId }));
      if (!tool || isRunTool(tool)) throw new ToolFailure('TOOL_UNKNOWN', `There is no tool ${name} any more`);
      used = versionOf(tool);
      await this.assertMayCall(tool, { ownerId, projectId });
      const permissions = new Set(tool.manifest.permissions);
      const context = { ownerId, projectId, runId, traceId, idempotencyKey, signal, permissions };
      const { output, artifacts = [] } = await this.calls.call(tool, args, context);
      const kept = artifacts.map(({ artifactId, mediaType }) => ({ artifact_id: artifactId, media_type: mediaType }));
      return { ok: true, output, ...(kept.length > 0 && { artifacts: kept }), ...used };
    } catch (error) {
      return { ...failedWith(error), ...used };
    }
  }

  /** A run outlives the role in which it was started. @throws {ToolFailure} */
  private async assertMayCall({ manifest }: AnyTool, { ownerId, projectId }: ToolScope): Promise<void> {
    if (projectId === null || !actsInProject(manifest)) return;
    const allowed = await this.policy.permissionsOn(ownerId, { ownerId, projectId });
    const [needed = manifest.name] = manifest.permissions;
    if (!allowed.has('run')) throw permissionDenied(needed);
  }

  /** Those of this process only: sources have none. */
  findRunTool(name: string): RunTool | undefined {
    const tool = this.catalogue.findOwn(name);
    return tool && isRunTool(tool) ? tool : undefined;
  }
}

/** Only promoted tools have several. */
function versionOf({ manifest }: AnyTool): Pick<ToolResult, 'tool_version'> {
  return manifest.promotedFrom === undefined ? {} : { tool_version: manifest.version };
}

function offered(tool: AnyTool): OfferedTool {
  const { name, version, description, inputSchema, approval, onInterrupted, isParallel } = tool.manifest;
  return {
    name,
    version,
    description,
    input_schema: inputSchema,
    approval,
    on_interrupted: onInterrupted,
    is_parallel: isParallel,
    ...(isRunTool(tool) && { in_run: true as const }),
  };
}
