import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { ServerConfig } from '../../config/config.js';
import type { RunEngine } from '../../engine/index.js';
import { StreamNotices } from '../streams/stream-notices.js';
import { EngineBuilder } from './engine-builder.js';
import { ExecutionConnections } from './execution-connections.js';
import { ProgramRegistry } from './program-registry.js';

/** The engine of this process: built when all programs are known, started where the role is, drained at the end. */
@Injectable()
export class EngineHost
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private built: RunEngine | undefined;

  constructor(
    private readonly builder: EngineBuilder,
    private readonly programs: ProgramRegistry,
    private readonly connections: ExecutionConnections,
    private readonly notices: StreamNotices,
    private readonly server: ServerConfig,
  ) {}

  /** @throws {Error} before the modules have been initialised */
  get engine(): RunEngine {
    if (!this.built) throw new Error('The engine is there once the modules have been initialised');
    return this.built;
  }

  get isWorker(): boolean {
    return this.server.roles.has('worker');
  }

  onModuleInit(): void {
    this.built = this.builder.build(this.programs.discover());
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.isWorker) return;
    await this.engine.start();
    // What other processes say saves waiting for the next poll.
    for (const hint of ['work', 'intent']) this.notices.onHint(hint, () => this.engine.wake());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.built?.drain(this.server.drainSeconds * 1_000);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connections.close();
  }
}
