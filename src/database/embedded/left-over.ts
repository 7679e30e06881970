import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedDatabaseError } from './embedded.errors.js';
import { commandLine, isRunning } from './process-info.js';

const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;

/**
 * Stops the PostgreSQL that a killed parent left behind in this cluster. `postmaster.pid` itself is PostgreSQL's, which
 * judges it better than we could: it is read here and never removed.
 */
export async function stopLeftOver(cluster: string): Promise<void> {
  const pid = readPostmasterPid(cluster);
  if (pid === undefined || !isPostgresOf(pid, cluster)) return;
  if (await stopProcess(pid, 'SIGINT', FAST_SHUTDOWN_MS)) return;
  if (await stopProcess(pid, 'SIGQUIT', IMMEDIATE_SHUTDOWN_MS)) return;
  throw new EmbeddedDatabaseError(
    `A PostgreSQL (process ${pid}) still runs in ${cluster} and does not stop: end it by hand.`,
  );
}

export function readPostmasterPid(cluster: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined; // the last server stopped cleanly
  }
}

/** Ids are used again: only a process whose command line names this cluster is its server. */
function isPostgresOf(pid: number, cluster: string): boolean {
  return isRunning(pid) && commandLine(pid).includes(cluster);
}

/** @returns whether the process ended within the time */
async function stopProcess(pid: number, signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch {
    return !isRunning(pid);
  }
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += 20) {
    if (!isRunning(pid)) return true;
    await sleep(20);
  }
  return false;
}
