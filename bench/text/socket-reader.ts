import { io, type Socket } from 'socket.io-client';
import { Account } from '../support/account.js';
import { serveParent } from '../support/peer.js';
import type { Passage } from './passage.js';

interface Envelope {
  readonly type: string;
  readonly stream?: string;
  readonly data: { readonly text?: string };
}

const GRAPH = {
  nodes: [
    { id: 'prompt', type: 'initialPrompt', data: { text: 'Say it' } },
    { id: 'german', type: 'translator', data: { language: 'de' } },
    { id: 'out', type: 'textOutput' },
  ],
  edges: [
    { source: 'prompt', target: 'german' },
    { source: 'german', target: 'out' },
  ],
};

/** Starts a flow by REST and reads the node's text from the run's stream, as a browser would. */
async function read(user: Account, socket: Socket): Promise<Passage> {
  const startedAt = performance.now();
  const { run_id: runId } = (await user.post('/execution/run', GRAPH)) as { run_id: string };
  const stream = `run:${runId}`;
  let firstMs = Number.NaN;
  let characters = 0;
  const ended = new Promise<void>((resolve, reject) => {
    const onAny = (type: string, { stream: of, data }: Envelope): void => {
      if (of !== stream) return;
      if (type === 'agent.token') {
        if (characters === 0) firstMs = performance.now() - startedAt;
        characters += data.text?.length ?? 0;
      }
      if (type === 'execution.failed') reject(new Error(JSON.stringify(data)));
      if (type !== 'execution.completed' && type !== 'execution.failed') return;
      socket.offAny(onAny);
      resolve();
    };
    socket.onAny(onAny);
  });
  await socket.timeout(10_000).emitWithAck('subscribe', { stream, after: 0 });
  await ended;
  return { firstMs, lastMs: performance.now() - startedAt, characters };
}

await serveParent(async (argument) => {
  const { url } = argument as { url: string };
  const user = await Account.signUp(url);
  const auth = { token: user.token };
  const socket = io(url, { transports: ['websocket'], reconnection: false, auth });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  return {
    ready: null,
    answer: (count) => Promise.all(Array.from({ length: Number(count) }, () => read(user, socket))),
    close: async () => socket.disconnect(),
  };
});
