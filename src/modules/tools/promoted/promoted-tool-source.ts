import { Injectable } from '@nestjs/common';
import { type CallableTool, ToolFailure, type ToolScope, type ToolSource as Source } from '../tool.js';
import { ToolSource } from '../tool.decorator.js';
import { toManifest } from './promoted-manifest.js';
import { PromotedVersions, type VersionInForce } from './promoted-versions.js';
import { ToolProgramRunner } from './tool-program-runner.js';

/** The tools that a person, or a project, has made from solutions. Each look finds the versions that are in force. */
@Injectable()
@ToolSource({})
export class PromotedToolSource implements Source {
  /** In a project, its owners choose the servers; its editors promote. */
  readonly isLast = true;

  constructor(
    private readonly versions: PromotedVersions,
    private readonly programs: ToolProgramRunner,
  ) {}

  async list(scope: ToolScope): Promise<readonly CallableTool[]> {
    return (await this.versions.inForce(scope)).map((version) => this.toolOf(version));
  }

  async find(name: string, scope: ToolScope): Promise<CallableTool | undefined> {
    if (!name.includes('/')) return undefined;
    const [version] = await this.versions.inForce(scope, name);
    return version && this.toolOf(version);
  }

  private toolOf({ toolId, version, manifest }: VersionInForce): CallableTool {
    return this.programs.toolOf(toManifest(manifest, version), async () => {
      const stored = await this.versions.find(toolId, version);
      if (stored) return stored.code;
      throw new ToolFailure('TOOL_UNKNOWN', `There is no tool ${manifest.name} any more`);
    });
  }
}
