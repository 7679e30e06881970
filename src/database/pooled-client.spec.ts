import { createServer, type AddressInfo, type Server } from 'node:net';
import { DataSource } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { commonOptions } from './data-source-options.js';
import { PooledClient } from './pooled-client.js';

const AUTHENTICATED = message('R', Buffer.from([0, 0, 0, 0]));
const READY = message('Z', Buffer.from('I'));
const DONE = message('C', Buffer.from('DONE\0'));
const CANCELLED = message('E', Buffer.from('SERROR\0VERROR\0C57014\0Mcanceling statement\0\0'));
const GOING = message('E', Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0'));

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

describe(PooledClient.name, () => {
  let server: Server;

  afterEach(() => server.close());

  it('outlives a server that goes in the moment in which it lets us in', async () => {
    server = createServer((socket) =>
      socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, GOING]))),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const source = new DataSource(commonOptions(`postgres://nobody:x@127.0.0.1:${port}/none`, 1));
    await expect(source.initialize()).rejects.toThrow(/terminat|queryable/i);
  });

  it('gives up a connection that refuses to start a transaction, and nothing is committed by itself', async () => {
    const heard: string[] = [];
    server = createServer((socket) => {
      socket
        .on('error', () => undefined)
        .once('data', () => {
          socket.write(Buffer.concat([AUTHENTICATED, READY]));
          socket.on('data', (data) => {
            heard.push(data.toString('latin1', 5, data.length - 1));
            socket.write(Buffer.concat([heard.length === 1 ? CANCELLED : DONE, READY]));
          });
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client = new PooledClient({ host: '127.0.0.1', port, user: 'nobody', password: 'x' });
    await client.connect();
    client.query('START TRANSACTION');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(client.query('COMMIT')).rejects.toThrow(/queryable|terminated/i);
    expect(heard).toEqual(['START TRANSACTION']);
  });

  it('has the password that the pool hides', () => {
    const options = Object.defineProperty({ host: '127.0.0.1' }, 'password', { value: 'secret', enumerable: false });
    expect(new PooledClient(options)).toMatchObject({ pipeline: true, password: 'secret' });
  });
});
