import type { RunContext, StepContext } from '../../engine/index.js';
import type { EmbedInput, EmbedProgress, EmbedWish } from './embed-job.js';

/** What the work is done by. */
export interface EmbedPorts {
  /** From now on, what is saved needs another run. */
  begin(tx: unknown, ctx: RunContext, input: EmbedInput): Promise<null>;
  /** Embeds some of what comes after a text and has no vector. Done again, it goes on where it was. @throws {StepFailure} */
  embedSome(ctx: RunContext, step: StepContext, wish: EmbedWish): Promise<EmbedProgress>;
  /** The next that has no vector, once the model has shown that it makes them. @throws {StepFailure} */
  nextWhenUp(ctx: RunContext, step: StepContext, wish: EmbedWish): Promise<string | null>;
  /** A text that the model does not take has no vector by it, and is not tried again until it changes. */
  leaveOut(input: EmbedInput, id: string): Promise<null>;
  /** The provider fails: for some time nothing more is tried. */
  rest(tx: unknown, ctx: RunContext, input: EmbedInput): Promise<null>;
}
