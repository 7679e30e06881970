import { readdirSync, readFileSync } from 'node:fs';

/** Length of a tick in /proc/<pid>/stat on every Linux we run on. */
const TICK_MS = 10;

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly ms: number;
}

/**
 * Processor time in milliseconds (user and system) of a process and all below it, those that have ended included.
 * NaN where there is no /proc.
 */
export function processTreeCpuMs(root: number): number {
  const all = readProcesses();
  const tree = new Set([root]);
  // A child may be listed before its parent.
  for (let size = 0; size < tree.size;) {
    size = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
  }
  const times = all.filter(({ pid }) => tree.has(pid));
  return times.length === 0 ? Number.NaN : times.reduce((sum, { ms }) => sum + ms, 0);
}

function readProcesses(): ProcessTimes[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readTimes(Number(name)) : []));
  } catch {
    return []; // no /proc here
  }
}

function readTimes(pid: number): ProcessTimes[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the command's name, which may hold spaces: state, ppid, …, utime, stime, cutime, cstime as 12th to 15th.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
    return [{ pid, parent: fields[1] ?? 0, ms: ticks * TICK_MS }];
  } catch {
    return []; // it has just ended
  }
}
