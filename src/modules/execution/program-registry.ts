import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { ProgramDefinition } from '../../engine/index.js';
import { Program, type ProgramHolder } from './program.decorator.js';

/** The run kinds this process can execute, found by `@Program`. */
@Injectable()
export class ProgramRegistry {
  private programs: ReadonlyMap<string, ProgramDefinition> = new Map();

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws {Error} when two classes claim one kind, or a class claims another kind than its definition's */
  discover(): readonly ProgramDefinition[] {
    const programs = new Map<string, ProgramDefinition>();
    for (const wrapper of this.discovery.getProviders({ metadataKey: Program.KEY })) {
      const kind = this.discovery.getMetadataByDecorator(Program, wrapper);
      if (kind === undefined) continue;
      const { definition } = wrapper.instance as ProgramHolder; // what the decorator asks for
      if (programs.has(kind)) throw new Error(`Two classes are @Program('${kind}')`);
      if (definition.kind !== kind) throw new Error(`@Program('${kind}') is on a program of kind ${definition.kind}`);
      programs.set(kind, definition);
    }
    this.programs = programs;
    return [...programs.values()];
  }

  find(kind: string): ProgramDefinition | undefined {
    return this.programs.get(kind);
  }

  all(): readonly ProgramDefinition[] {
    return [...this.programs.values()];
  }

  /** Whether a run of that kind, started by that version, can be gone on with here. */
  canReplay(kind: string, version: number): boolean {
    const program = this.programs.get(kind);
    return program !== undefined && (program.version === version || (program.replays ?? []).includes(version));
  }
}
