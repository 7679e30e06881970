import { Injectable } from '@nestjs/common';
import type { Socket } from 'socket.io';
import type { AuthenticatedUser } from '../../auth/authenticated-user.js';
import { RunTrees } from '../../streams/run-trees.js';
import { StreamAccess } from '../../streams/stream-access.js';
import { StreamHub } from '../../streams/stream-hub.js';
import { BatchEncoder } from './batch-encoder.js';
import { FlushScheduler } from './flush-scheduler.js';
import { connectionOf, OUTBOX_LIMITS, type OutboxOptions, SocketOutbox } from './socket-outbox.js';
import { SocketSession } from './socket-session.js';

/** For what is on its way to a socket that is being disconnected. */
const LAST_WORDS_MS = 2_000;

/** The signed-in sockets of this process. */
@Injectable()
export class SocketSessions {
  private readonly sessions = new Set<SocketSession>();
  private readonly encoder = new BatchEncoder();
  private readonly scheduler = new FlushScheduler(() => this.encoder.release());

  constructor(
    private readonly hub: StreamHub,
    private readonly access: StreamAccess,
    private readonly trees: RunTrees,
  ) {}

  get count(): number {
    return this.sessions.size;
  }

  open(socket: Socket, user: AuthenticatedUser): SocketSession {
    const { hub, access, trees } = this;
    const outbox: SocketOutbox = new SocketOutbox(
      connectionOf(socket),
      this.outboxOptions(socket, () => session),
    );
    const session = new SocketSession({ user, outbox, hub, access, trees, disconnect: () => disconnect(socket) });
    this.sessions.add(session);
    return session;
  }

  close(session: SocketSession): void {
    session.close();
    this.sessions.delete(session);
  }

  endAll(type: string, data: Readonly<Record<string, unknown>>): void {
    for (const session of this.sessions) session.end(type, data);
  }

  private outboxOptions(socket: Socket, session: () => SocketSession): OutboxOptions {
    const onSlow = () => session().end('stream.slow', { limit_bytes: OUTBOX_LIMITS.queueSize });
    if (socket.handshake.auth['batch'] !== true) return { limits: OUTBOX_LIMITS, onSlow };
    const schedule = (outbox: SocketOutbox) => this.scheduler.schedule(outbox);
    return { limits: OUTBOX_LIMITS, onSlow, batch: { encode: (items) => this.encoder.encode(items), schedule } };
  }
}

/** Lets what was written get through; a reader that takes nothing is cut off all the same. */
function disconnect(socket: Socket): void {
  const { conn } = socket;
  socket.disconnect(true);
  setTimeout(() => conn.close(true), LAST_WORDS_MS).unref();
}
