import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { RunFailure } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import { GROUP } from '../components/group.component.js';
import { NodeExecutor } from './node-executor.decorator.js';
import type { NodeExecutor as Executor } from './node-executor.js';

/** The types of node that this process can execute, found by `@NodeExecutor`. */
@Injectable()
export class ExecutorRegistry implements OnModuleInit {
  private readonly executors = new Map<string, Executor>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws {Error} when two classes claim one type, or a class claims another type than its component's */
  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders({ metadataKey: NodeExecutor.KEY })) {
      const type = this.discovery.getMetadataByDecorator(NodeExecutor, wrapper);
      if (type !== undefined) this.register(type, wrapper.instance as Executor);
    }
  }

  find(type: string): Executor | undefined {
    return this.executors.get(type);
  }

  /** Types that nobody executes, such as frames, are known all the same. */
  isKnown(type: string): boolean {
    return type === GROUP.type || this.executors.has(type);
  }

  /** @throws {RunFailure} when another version of the software has started the run */
  get(type: string): Executor {
    const executor = this.executors.get(type);
    if (executor) return executor;
    throw new RunFailure({ code: 'NODE_TYPE_UNKNOWN', message: `This process cannot execute nodes of type ${type}` });
  }

  components(): ComponentDefinition[] {
    return [...[...this.executors.values()].map(({ component }) => component), GROUP];
  }

  private register(type: string, executor: Executor): void {
    if (this.executors.has(type)) throw new Error(`Two classes are @NodeExecutor('${type}')`);
    if (executor.component.type !== type) {
      throw new Error(`@NodeExecutor('${type}') is on a component of type ${executor.component.type}`);
    }
    this.executors.set(type, executor);
  }
}
