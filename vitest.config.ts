import { defineConfig } from 'vitest/config';

// One project per kind of test: each has its own time budget, so that a suite that grows slow fails where it grew.
export default defineConfig({
  test: {
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
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e-spec.ts'],
          globalSetup: ['test/support/database.global-setup.ts'],
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
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'kill',
          include: ['test/kill/**/*.kill-spec.ts'],
          globalSetup: ['test/support/chaos/chaos.global-setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
