import { io, type Socket } from 'socket.io-client';
import { Account } from '../support/account.js';
import { serveParent } from '../support/peer.js';
import type { Passage } from '../text/passage.js';

interface Envelope {
  readonly type: string;
  readonly stream?: string;
  readonly data: { readonly text?: string; readonly reason?: string };
}

/** What the bench has a person do. */
export type RoomQuestion =
  { readonly open: number; readonly rolePrompt: string } | { readonly say: string; readonly rooms: readonly string[] };

async function connect(url: string, token: string): Promise<Socket> {
  const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth: { token } });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  return socket;
}

/** Opens rooms and follows them, as a browser would. */
async function open(user: Account, socket: Socket, count: number, rolePrompt: string): Promise<string[]> {
  const rooms: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const { id } = (await user.post('/groups', { orchestrator: { role_prompt: rolePrompt } })) as { id: string };
    await socket.timeout(10_000).emitWithAck('subscribe', { stream: `group:${id}` });
    rooms.push(id);
  }
  return rooms;
}

/** Says something in a room, and hears the answer up to the end of the turn. */
async function say(user: Account, socket: Socket, room: string, content: string): Promise<Passage> {
  const startedAt = performance.now();
  let firstMs = Number.NaN;
  let characters = 0;
  const ended = new Promise<void>((resolve, reject) => {
    const hear = (type: string, { stream, data }: Envelope): void => {
      if (stream !== `group:${room}`) return;
      if (type === 'agent.token') {
        if (characters === 0) firstMs = performance.now() - startedAt;
        characters += data.text?.length ?? 0;
      }
      if (type !== 'group.turn.completed') return;
      socket.offAny(hear);
      if (data.reason === 'no_command') resolve();
      else reject(new Error(`The turn ended by ${data.reason}`));
    };
    socket.onAny(hear);
  });
  await user.post(`/groups/${room}/messages`, { content });
  await ended;
  return { firstMs, lastMs: performance.now() - startedAt, characters };
}

await serveParent(async (argument) => {
  const { url } = argument as { url: string };
  const user = await Account.signUp(url);
  const socket = await connect(url, user.token);
  const answer = (asked: unknown): Promise<unknown> => {
    const question = asked as RoomQuestion;
    if ('open' in question) return open(user, socket, question.open, question.rolePrompt);
    return Promise.all(question.rooms.map((room) => say(user, socket, room, question.say)));
  };
  return { ready: null, answer, close: async () => socket.disconnect() };
});
