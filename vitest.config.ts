import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SuiteBudgets } from './test/support/suite-budgets.js';

/** In seconds. A suite that grows slow fails where it grew. */
const BUDGETS = { unit: 120, model: 240, integration: 240, e2e: 300, kill: 240 };

/** Files share a process, and what is imported there: each has servers and a database of its own. A third less time. */
const TOGETHER = { isolate: false };

export default defineConfig({
  test: {
    // Tests wait as much as they work: on two cores two at a time take half as long as one, Vitest's own choice.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ['default', new SuiteBudgets(BUDGETS, process.env['CI'] === 'true')],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.spec.ts', 'scripts/**/*.spec.ts', 'test/journals/**/*.spec.ts'],
          testTimeout: 10_000,
        },
      },
      {
        test: {
          name: 'model',
          include: ['test/model/**/*.spec.ts'],
          globalSetup: ['test/model/model.global-setup.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.int-spec.ts'],
          globalSetup: ['test/support/database.global-setup.ts'],
          ...TOGETHER,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e-spec.ts'],
          globalSetup: ['test/support/database.global-setup.ts'],
          ...TOGETHER,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.chaos-spec.ts'],
          globalSetup: ['test/support/chaos/chaos.global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // With those of `kill`, after all others: both watch how long takeovers take, and wait more than they work.
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'kill',
          include: ['test/kill/**/*.kill-spec.ts'],
          globalSetup: ['test/support/chaos/chaos.global-setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
        },
      },
    ],
  },
});
