import { TroupeError } from '../errors.js';
import { endsStream, type TroupeEvent } from './event.js';

/** What has arrived of one stream and was not read yet. */
export class Arrivals {
  private readonly waiting: TroupeEvent[] = [];
  private fault: TroupeError | undefined;
  private wake = (): void => undefined;

  constructor(private readonly stream: string) {}

  add(event: TroupeEvent): void {
    if (event.type === 'stream.revoked' && event.data.stream === this.stream)
      return this.fail('STREAM_REVOKED', `${this.stream} may no longer be read`);
    if (event.stream !== this.stream) return;
    this.waiting.push(event);
    this.wake();
  }

  fail(code: string, message: string): void {
    this.fault = new TroupeError(code, message);
    this.wake();
  }

  /** @throws {TroupeError} when nothing more will come although the stream has not ended */
  async *read(): AsyncGenerator<TroupeEvent> {
    for (;;) {
      const event = this.waiting.shift();
      if (event) {
        yield event;
        if (endsStream(event)) return;
      } else if (this.fault) throw this.fault;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
