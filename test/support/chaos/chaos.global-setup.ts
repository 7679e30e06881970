import type { TestProject } from 'vitest/node';
import { buildOnce } from '../server-process.js';

declare module 'vitest' {
  interface ProvidedContext {
    kills: number;
    chaosSeed: number;
  }
}

/** `KILLS=500 npm run test:kill` kills more often; `CHAOS_SEED=…` repeats what was seen, as far as processes allow. */
export default function setup(project: TestProject): void {
  buildOnce();
  const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);
  project.provide('kills', Number(process.env['KILLS'] ?? 20));
  project.provide('chaosSeed', seed);
  process.stdout.write(`${project.name}: CHAOS_SEED=${seed}\n`);
}
