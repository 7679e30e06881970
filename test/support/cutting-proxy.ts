import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface CuttingProxyOptions {
  /** Connections that ask for Socket.IO are cut, as some networks do. */
  readonly withoutSockets?: boolean;
}

/** A way to the server that can be cut at any moment. */
export class CuttingProxy {
  private readonly connections = new Set<Socket>();
  private readonly server: Server;

  private constructor(
    private readonly target: URL,
    private readonly options: CuttingProxyOptions,
  ) {
    this.server = createServer((client) => this.join(client));
  }

  static async open(target: string, options: CuttingProxyOptions = {}): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(new URL(target), options);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends all connections that are there. */
  cut(): void {
    for (const socket of this.connections) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.cut();
    await closed;
  }

  private join(client: Socket): void {
    const upstream = connect(Number(this.target.port), this.target.hostname);
    const both = [client, upstream];
    for (const [socket, other] of [both, both.toReversed()] as [Socket, Socket][]) {
      this.connections.add(socket);
      socket
        .on('error', () => socket.destroy())
        .on('close', () => {
          this.connections.delete(socket);
          other.destroy();
        });
    }
    client.on('data', (bytes) => (this.isRefused(bytes) ? client.destroy() : upstream.write(bytes)));
    upstream.on('data', (bytes) => client.write(bytes));
  }

  private isRefused(bytes: Buffer): boolean {
    return this.options.withoutSockets === true && /^(GET|POST) \/socket\.io\//.test(bytes.toString('latin1', 0, 40));
  }
}
