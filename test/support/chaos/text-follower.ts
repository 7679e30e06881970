import { SocketReader, type Envelope } from '../socket-reader.js';

/** What one subscription saw of a step's text. */
export interface FollowedText {
  readonly step: string;
  readonly attempt: number;
  readonly text: string;
}

interface ChunkData {
  readonly step: string;
  readonly attempt: number;
  readonly offset: number;
  readonly text: string;
}

/** Subscribes to a run, collects what comes for a while, and leaves. */
export async function followText(url: string, token: string, runId: string, forMs: number): Promise<Envelope[]> {
  const reader = await SocketReader.connect(url, token);
  await reader.subscribe(`run:${runId}`, { after: 0 });
  const deadline = performance.now() + forMs;
  await reader.until(() => performance.now() > deadline || hasEnded(reader), forMs + 1_000);
  reader.close();
  return reader.envelopes;
}

/**
 * Puts the chunks of one subscription together.
 *
 * @throws {Error} when a chunk does not follow on the one before it
 */
export function assemble(envelopes: readonly Envelope[]): FollowedText[] {
  const texts = new Map<string, FollowedText>();
  for (const { type, data } of envelopes) {
    if (type !== 'agent.token') continue;
    const { step, attempt, offset, text } = data as unknown as ChunkData;
    const key = `${step} ${attempt}`;
    const before = texts.get(key)?.text ?? '';
    if (offset !== before.length) throw new Error(`${key}: a chunk at ${offset} after ${before.length} characters`);
    texts.set(key, { step, attempt, text: before + text });
  }
  return [...texts.values()];
}

function hasEnded(reader: SocketReader): boolean {
  return reader.of('execution.completed').length > 0;
}
