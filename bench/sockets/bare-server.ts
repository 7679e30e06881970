import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { talkEvent, type Talk } from '../server/talker.program.js';
import { serveParent } from '../support/peer.js';

// Socket.IO and nothing else: the same envelopes to everybody, as many at a time as the product commits together.
await serveParent(async () => {
  const http = createServer();
  const server = new Server(http, { transports: ['websocket'], serveClient: false });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const runId = crypto.randomUUID();
  const envelope = (type: string, data: object, seq: number): object => {
    const scope = { stream: `run:${runId}`, seq, at: new Date().toISOString(), trace_id: runId.replaceAll('-', '') };
    return { type, data: { run_id: runId, ...data }, ...scope };
  };
  const talk = async ({ events, perStep }: Talk): Promise<void> => {
    for (let n = 0; n < events; n += 1) {
      const { type, data } = talkEvent(n);
      server.emit(type, envelope(type, data, n + 1));
      if (n % perStep === perStep - 1) await new Promise(setImmediate);
    }
    server.emit('execution.completed', envelope('execution.completed', {}, events + 1));
  };
  return {
    ready: { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` },
    answer: (asked) => talk(asked as Talk),
    close: () => server.close(),
  };
});
