import type { BenchOptions } from './support/options.js';

/** Loaded when asked for: a part must not pay for what another imports. */
export type Part = () => Promise<{ readonly run: (options: BenchOptions) => Promise<void> }>;

export const PARTS: Readonly<Record<string, Part>> = {
  steps: () => import('./steps/steps.bench.js'),
  'start-up': () => import('./start-up/start-up.bench.js'),
  'flow-graph': () => import('./flow-graph/flow-graph.bench.js'),
  sleeping: () => import('./sleeping/sleeping.bench.js'),
  sockets: () => import('./sockets/sockets.bench.js'),
  agent: () => import('./agent/agent.bench.js'),
  groups: () => import('./groups/groups.bench.js'),
  text: () => import('./text/text.bench.js'),
  get: () => import('./get/get.bench.js'),
  memory: () => import('./memory/memory.bench.js'),
  tasks: () => import('./tasks/tasks.bench.js'),
};
