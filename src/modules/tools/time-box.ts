import { createContext, Script } from 'node:vm';

const box: { work?: () => void } = {};
const context = createContext(box);
const script = new Script('work()');

/** How much longer work gets that was cut off while others had the processor. */
const WHEN_BUSY = 4;

/**
 * Does work that waits for nothing and may be begun anew, and ends it in the middle when it takes longer: for what
 * strangers have written and the thread of the server has to go through. Costs about 0.1 ms.
 *
 * The clock on the wall cuts it off, but on a busy machine it says little of the work: that begins once more, with more time,
 * when it had less than half of the processor.
 *
 * @throws {Error} whose code is ERR_SCRIPT_EXECUTION_TIMEOUT, or what the work throws
 */
export function timeBoxed<T>(timeoutMs: number, work: () => T): T {
  const before = process.threadCpuUsage();
  try {
    return doWithin(timeoutMs, work);
  } catch (error) {
    const { user, system } = process.threadCpuUsage(before);
    if (!isTimeUp(error) || (user + system) / 1_000 > timeoutMs / 2) throw error;
  }
  return doWithin(timeoutMs * WHEN_BUSY, work);
}

function doWithin<T>(timeoutMs: number, work: () => T): T {
  let result: { readonly value: T } | undefined;
  box.work = () => void (result = { value: work() });
  script.runInContext(context, { timeout: timeoutMs });
  if (!result) throw new Error('The work has left no result');
  return result.value;
}

/** The error comes from the other context, whose class of errors is another one. */
export function isTimeUp(error: unknown): error is Error {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
