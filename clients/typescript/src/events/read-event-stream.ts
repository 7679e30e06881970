import { createParser } from 'eventsource-parser';
import type { TroupeEvent } from './event.js';

/** The envelopes of an answer of the type text/event-stream, as they come. */
export async function* readEventStream(response: Response): AsyncGenerator<TroupeEvent> {
  const arrived: TroupeEvent[] = [];
  // What an envelope is, is the server's promise (events.json).
  const parser = createParser({ onEvent: ({ data }) => arrived.push(JSON.parse(data) as TroupeEvent) });
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parser.feed(decoder.decode(part.value, { stream: true }));
      yield* arrived.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
