type Stop = () => Promise<unknown>;

/**
 * Runs `work` and stops what it started, the last thing first, however it ends.
 *
 * @param work calls its argument right after each start
 */
export async function withCleanUp(work: (onEnd: (stop: Stop) => void) => Promise<void>): Promise<void> {
  const stops: Stop[] = [];
  try {
    await work((stop) => void stops.unshift(stop));
  } finally {
    for (const stop of stops) await stop();
  }
}
