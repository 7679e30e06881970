import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    kills: number;
    killSeed: number;
  }
}

/** `KILLS=500 npm run test:kill` kills more often; `KILL_SEED=…` repeats what was seen. */
export default function setup(project: TestProject): void {
  const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);
  project.provide('kills', Number(process.env['KILLS'] ?? 20));
  project.provide('killSeed', seed);
  process.stdout.write(`KILL_SEED=${seed}\n`);
}
