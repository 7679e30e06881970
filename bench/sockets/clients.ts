import { io, type Socket } from 'socket.io-client';
import { serveParent } from '../support/peer.js';

export interface ClientsArgument {
  readonly url: string;
  readonly count: number;
  readonly token?: string;
  readonly stream?: string;
  readonly batch?: boolean;
}

const LAST_EVENT = 'execution.completed';

interface Envelope {
  readonly type: string;
}

/** Counts what a socket gets, and resolves at the last event of the run. */
class Listener {
  received = 0;
  readonly ended: Promise<void>;

  constructor(readonly socket: Socket) {
    this.ended = new Promise((resolve) => {
      socket.onAny((_name: string, content: Envelope | Envelope[]) => {
        const envelopes = Array.isArray(content) ? content : [content];
        this.received += envelopes.length;
        if (envelopes.some(({ type }) => type === LAST_EVENT)) resolve();
      });
    });
  }
}

async function connect({ url, token, stream, batch }: ClientsArgument): Promise<Listener> {
  const auth = { ...(token && { token }), ...(batch && { batch: true }) };
  const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth });
  const listener = new Listener(socket);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  if (stream) {
    const said = (await socket.timeout(10_000).emitWithAck('subscribe', { stream, after: 0 })) as { ok: boolean };
    if (!said.ok) throw new Error(`The subscription was refused: ${JSON.stringify(said)}`);
  }
  return listener;
}

// Sockets that listen to one stream; asked, they answer how many envelopes came, once all have seen its last event.
await serveParent(async (argument) => {
  const options = argument as ClientsArgument;
  const listeners: Listener[] = [];
  for (let n = 0; n < options.count; n += 1) listeners.push(await connect(options));
  return {
    ready: null,
    answer: async () => {
      await Promise.all(listeners.map(({ ended }) => ended));
      return listeners.reduce((sum, { received }) => sum + received, 0);
    },
    close: async () => {
      for (const { socket } of listeners) socket.disconnect();
    },
  };
});
