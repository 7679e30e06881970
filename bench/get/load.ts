import { connect, type Socket } from 'node:net';
import { serveParent } from '../support/peer.js';

export interface LoadArgument {
  readonly url: string;
  readonly path: string;
  readonly token?: string;
}

export interface LoadQuestion {
  readonly connections: number;
  readonly requests: number;
}

const END_OF_HEAD = '\r\n\r\n';

/** One kept-alive connection that sends the same request again as soon as the answer is whole. Cheap on purpose. */
class Connection {
  private seen = '';

  constructor(
    private readonly socket: Socket,
    private readonly request: string,
    private readonly next: () => boolean,
    private readonly done: (error?: Error) => void,
  ) {
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text: string) => this.read(text)).on('error', done);
  }

  send(): void {
    if (this.next()) this.socket.write(this.request);
    else this.done();
  }

  private read(text: string): void {
    this.seen += text;
    const head = this.seen.indexOf(END_OF_HEAD);
    if (head < 0) return;
    if (!this.seen.startsWith('HTTP/1.1 200')) return this.done(new Error(this.seen.slice(0, head)));
    const length = Number(/content-length: (\d+)/i.exec(this.seen)?.[1]);
    if (this.seen.length < head + END_OF_HEAD.length + length) return;
    this.seen = '';
    this.send();
  }
}

async function load(argument: LoadArgument, { connections, requests }: LoadQuestion): Promise<number> {
  const { host, hostname, port } = new URL(argument.url);
  const authorization = argument.token ? `Authorization: Bearer ${argument.token}\r\n` : '';
  const request = `GET ${argument.path} HTTP/1.1\r\nHost: ${host}\r\nAccept: */*\r\n${authorization}\r\n`;
  let left = requests;
  const sockets = Array.from({ length: connections }, () => connect(Number(port), hostname));
  const startedAt = performance.now();
  const all = sockets.map(
    (socket) =>
      new Promise<void>((resolve, reject) => {
        const done = (error?: Error): void => (error ? reject(error) : resolve());
        const connection = new Connection(socket, request, () => left-- > 0, done);
        socket.once('connect', () => connection.send());
      }),
  );
  try {
    await Promise.all(all);
    return performance.now() - startedAt;
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

// Asked, it answers how many milliseconds so many requests took.
await serveParent(async (argument) => ({
  ready: null,
  answer: (question) => load(argument as LoadArgument, question as LoadQuestion),
  close: async () => undefined,
}));
