import type { RunSteering } from '../execution/run-reader.js';
import type { Phase } from './state/swarm-state.js';

export const SWARM_STATUSES = [
  'initializing',
  'planning',
  'executing',
  'testing',
  'completed',
  'failed',
  'paused',
  'stopped',
] as const;
export type SwarmStatus = (typeof SWARM_STATUSES)[number];

/**
 * How a swarm stands: what it does as its state says, whether it may as its run does, by whatever way that was paused or
 * stopped. Pure.
 *
 * @param run undefined when retention has taken it away
 */
export function swarmStatusOf(phase: Phase, run: RunSteering | undefined): SwarmStatus {
  if (phase === 'completed' || phase === 'failed') return phase;
  if (!run || run.isCancelling || run.status === 'cancelled') return 'stopped';
  if (run.status === 'failed') return 'failed';
  return run.isPausing || run.status === 'paused' ? 'paused' : phase;
}

/** What was told of the standing of a swarm beside what it does: `over` when it comes to nothing more. */
export type Told = 'running' | 'paused' | 'over';

export function toldOf(status: SwarmStatus): Told {
  if (status === 'paused') return status;
  return status === 'completed' || status === 'failed' || status === 'stopped' ? 'over' : 'running';
}
