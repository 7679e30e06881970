import { ConfigError } from '../config/config.errors.js';
import { EmbeddedDatabaseError } from '../database/embedded/embedded.errors.js';

/** What was started, in the order of the start; it is stopped in the opposite order. */
export class Started {
  private readonly stops: (() => Promise<unknown>)[] = [];

  push(stop: () => Promise<unknown>): void {
    this.stops.unshift(stop);
  }

  /** Goes on when one of them fails: what is left must not be left running. */
  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) await stop().catch(reportFailure);
  }
}

/**
 * npm passes a Ctrl-C on to us, who got it from the terminal already. What comes so soon after the first is not
 * somebody losing patience.
 */
const SAME_SIGNAL_MS = 500;

/**
 * Runs the process: starts, waits for SIGTERM or SIGINT, stops everything and exits with 0. A second signal exits at
 * once; the embedded database then ends by itself.
 */
export async function runUntilSignal(start: (started: Started) => Promise<void>): Promise<void> {
  const started = new Started();
  const signal = nextSignal();
  try {
    await start(started);
    await signal;
  } catch (error) {
    reportFailure(error);
  }
  await started.stop();
  process.exit();
}

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const onSignal = (): void => {
      const now = performance.now();
      if (firstAt !== undefined && now - firstAt > SAME_SIGNAL_MS) process.exit(130);
      firstAt ??= now;
      resolve();
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  });
}

/** Faults that somebody can mend are told in words, bugs with their stack. */
function reportFailure(error: unknown): void {
  process.exitCode = 1;
  process.stderr.write(`${describe(error)}\n`);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is in use: stop what listens there, or set PORT.`;
  const isPlain = error instanceof ConfigError || error instanceof EmbeddedDatabaseError;
  return isPlain ? error.message : (error.stack ?? error.message);
}
