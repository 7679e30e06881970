import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Whether a process with this id runs. A zombie does not: it is dead, only not yet collected. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return readStatFields(pid)?.[0] !== 'Z';
}

/**
 * Something that differs between two processes that had the same id one after the other: the instant of the start and,
 * where there is one, the boot of the machine. Undefined when the process is gone.
 */
export function processIdentity(pid: number): string | undefined {
  if (!isRunning(pid)) return undefined;
  if (process.platform === 'linux')
    return `${readText('/proc/sys/kernel/random/boot_id')}:${readStatFields(pid)?.[19]}`;
  return process.platform === 'win32' ? `pid ${pid}` : askPs(pid, 'lstart=');
}

/** The command line of a process, empty when it is gone or cannot be read. */
export function commandLine(pid: number): string {
  if (process.platform === 'linux') return readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
  return process.platform === 'win32' ? '' : askPs(pid, 'command=');
}

/** The fields of /proc/<pid>/stat after the command's name (which may hold spaces and brackets): the state is the first. */
function readStatFields(pid: number): string[] | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  return stat ? stat.slice(stat.lastIndexOf(')') + 2).split(' ') : undefined;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return ''; // no such process, or a system without /proc
  }
}

function askPs(pid: number, column: string): string {
  return spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
}
