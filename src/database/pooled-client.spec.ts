import { createServer, type AddressInfo, type Server } from 'node:net';
import { DataSource } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { commonOptions } from './data-source-options.js';
import { PooledClient } from './pooled-client.js';

const AUTHENTICATED = message('R', Buffer.from([0, 0, 0, 0]));
const READY = message('Z', Buffer.from('I'));
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
});
