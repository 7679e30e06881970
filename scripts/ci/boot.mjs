// Starts dist on an empty data folder, asks for what must answer, runs the demo, and stops it.
import { runDemo, withServer } from './dist-server.mjs';

const MUST_ANSWER = ['/api/v1/health', '/api/health/ready', '/docs', '/docs-json', '/docs-events', '/api/v1/metrics'];

await withServer({}, async (url) => {
  for (const path of MUST_ANSWER) {
    const { status } = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000) });
    process.stdout.write(`${status} ${path}\n`);
    if (status !== 200) process.exitCode = 1;
  }
  process.stdout.write(await runDemo(url));
});
