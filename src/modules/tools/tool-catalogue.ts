import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { SchemaChecks } from './schema-checks.js';
import type { AnyTool, ToolScope, ToolSource as Source } from './tool.js';
import { Tool, ToolSource } from './tool.decorator.js';
import { findManifestFault, findOutlineFault } from './tool-manifest.js';

/** All tools: those of this process, found by `@Tool`, and those of the sources, found by `@ToolSource`. */
@Injectable()
export class ToolCatalogue implements OnModuleInit {
  private readonly logger = new Logger(ToolCatalogue.name);
  private readonly tools = new Map<string, AnyTool>();
  private readonly sources: Source[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly checks: SchemaChecks,
  ) {}

  /** @throws {Error} when two classes have one name, or a manifest is not right */
  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders({ metadataKey: Tool.KEY })) {
      this.register(instance as AnyTool); // what the decorator asks for
    }
    for (const { instance } of this.discovery.getProviders({ metadataKey: ToolSource.KEY })) {
      this.sources.push(instance as Source);
    }
    this.sources.sort((one, other) => Number(one.isLast ?? false) - Number(other.isLast ?? false));
  }

  /** By name. A source that fails has no tools for the moment. */
  async list(scope: ToolScope): Promise<AnyTool[]> {
    const found = await Promise.all(this.sources.map((source) => this.listOf(source, scope)));
    const byName = new Map<string, AnyTool>();
    const usable = [...this.tools.values()].filter(isOffered);
    for (const tool of [...usable, ...found.flat()]) {
      if (!byName.has(tool.manifest.name)) byName.set(tool.manifest.name, tool);
    }
    return [...byName.values()].toSorted((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1));
  }

  /** Also one that is not offered: calling it says why. A source that fails here fails the search. */
  async find(name: string, scope: ToolScope): Promise<AnyTool | undefined> {
    const own = this.tools.get(name);
    if (own) return own;
    for (const source of this.sources) {
      const found = await source.find(name, scope);
      if (found) return found;
    }
    return undefined;
  }

  /** One of this process, found by `@Tool`. Does no I/O. */
  findOwn(name: string): AnyTool | undefined {
    return this.tools.get(name);
  }

  private register(tool: AnyTool): void {
    const { name } = tool.manifest;
    const fault = findManifestFault(tool.manifest, this.checks);
    if (fault !== undefined) throw new Error(`The tool ${name} ${fault}`);
    if (this.tools.has(name)) throw new Error(`Two tools have the name ${name}`);
    this.tools.set(name, tool);
  }

  private async listOf(source: Source, scope: ToolScope): Promise<readonly AnyTool[]> {
    try {
      const tools = await source.list(scope);
      return tools.filter((tool) => this.isUsable(tool));
    } catch (error) {
      this.logger.warn({ err: error }, 'A source of tools has failed');
      return [];
    }
  }

  /** The schemas of sources are theirs to check, once: there may be thousands. */
  private isUsable({ manifest }: AnyTool): boolean {
    const fault = findOutlineFault(manifest);
    if (fault !== undefined) this.logger.debug(`The tool ${manifest.name} is left out: it ${fault}`);
    return fault === undefined;
  }
}

function isOffered(tool: AnyTool): boolean {
  return tool.isOffered?.() ?? true;
}
