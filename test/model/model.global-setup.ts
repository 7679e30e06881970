import type { TestProject } from 'vitest/node';

/** `npm run test:model -- --seed N --runs N` hands its figures over in the environment. */
export default function setup(project: TestProject): void {
  project.provide('modelSeed', Number(process.env['MODEL_SEED'] ?? 1));
  project.provide('modelRuns', Number(process.env['MODEL_RUNS'] ?? 500));
}
