import { ModelServer } from './model-server.js';

// Stand-alone: `node dist/test/support/model-server/main.js [port]` prints one JSON line and serves until it is told to stop.
const server = await ModelServer.start({ port: Number(process.argv[2] ?? 0) });
process.stdout.write(
  `${JSON.stringify({ url: server.url, base_url: server.baseUrl, fireworks_url: server.fireworksUrl })}\n`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
