import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { Server } from 'socket.io';
import type { ServerConfig } from '../../../config/config.js';

/** As large as a REST body may be, with room for the envelope. */
const MAX_MESSAGE_BYTES = 10 * 1024 * 1024 + 64 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;

type NestServer = ReturnType<IoAdapter['createIOServer']>;

/** Socket.IO on the server's own port. */
export class SocketAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly config: ServerConfig,
  ) {
    super(app);
  }

  override createIOServer(): NestServer {
    const server = new Server(this.httpServer, {
      path: '/socket.io',
      transports: ['polling', 'websocket'],
      serveClient: false,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      connectTimeout: CONNECT_TIMEOUT_MS,
      cors: { origin: [...this.config.corsOrigins], credentials: true },
    });
    // Nest pins a copy of its own, one patch release older: the same at run time, another class to the compiler.
    return server as unknown as NestServer;
  }
}
