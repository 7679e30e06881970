import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/**
 * Browsers open connections before they have anything to ask. Node counts these as busy, so that a server which is
 * closing would wait for them until its time is up.
 */
@Injectable()
export class UnusedConnections implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly unused = new Set<Socket>();
  private isClosing = false;

  constructor(private readonly host: HttpAdapterHost) {}

  onApplicationBootstrap(): void {
    const server: Server = this.host.httpAdapter.getHttpServer();
    server.on('connection', (socket: Socket) => this.opened(socket));
    const used = ({ socket }: IncomingMessage): void => void this.unused.delete(socket);
    server.prependListener('request', used).prependListener('upgrade', used);
  }

  beforeApplicationShutdown(): void {
    this.isClosing = true;
    for (const socket of this.unused) socket.destroy();
  }

  private opened(socket: Socket): void {
    if (this.isClosing) return void socket.destroy();
    this.unused.add(socket);
    socket.once('close', () => this.unused.delete(socket));
  }
}
