import type { BenchOptions } from './support/options.js';

/** Loaded when asked for: a part must not pay for what another imports. */
export type Part = () => Promise<{ readonly run: (options: BenchOptions) => Promise<void> }>;

export const PARTS: Readonly<Record<string, Part>> = {
  steps: () => import('./steps/steps.bench.js'),
};
