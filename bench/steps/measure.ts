import type { BenchDatabase } from '../support/bench-database.js';
import type { Subject } from './subject.js';
import { STEPS_PER_RUN } from './ten-steps.js';

export interface Figures {
  readonly stepsPerSecond: number;
  readonly msPerRun: number;
  /** Of this process and of the database's together. */
  readonly cpuMsPerRun: number;
  readonly databaseCpuMsPerRun: number;
  readonly walKbPerRun: number;
}

/** Carries out `runs` runs, `at` of them at a time. */
export async function measure(subject: Subject, database: BenchDatabase, at: number, runs: number): Promise<Figures> {
  const wal = await database.walBytes();
  const node = process.cpuUsage();
  const databaseMs = database.cpuMs;
  const startedAt = performance.now();
  const latencies = await drive(subject, at, runs);
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(node);
  const databaseCpuMs = database.cpuMs - databaseMs;
  return {
    stepsPerSecond: (runs * STEPS_PER_RUN * 1000) / elapsedMs,
    msPerRun: latencies / runs,
    cpuMsPerRun: ((user + system) / 1000 + databaseCpuMs) / runs,
    databaseCpuMsPerRun: databaseCpuMs / runs,
    walKbPerRun: ((await database.walBytes()) - wal) / 1024 / runs,
  };
}

/** @returns the sum of what each run took, in milliseconds */
export async function drive(subject: Subject, at: number, runs: number): Promise<number> {
  let started = 0;
  let total = 0;
  const worker = async (): Promise<void> => {
    while (started < runs) {
      started += 1;
      const startedAt = performance.now();
      await subject.runOnce();
      total += performance.now() - startedAt;
    }
  };
  await Promise.all(Array.from({ length: at }, worker));
  return total;
}
