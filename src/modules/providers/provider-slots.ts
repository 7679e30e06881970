import { CallSlots } from './call-slots.js';
import { modelFailure } from './model-failures.js';

/** Keeps the calls to each provider within its limit. */
export class ProviderSlots {
  private readonly slots = new Map<string, CallSlots>();

  /** Makes the call when it is its turn. @throws {StepFailure} when the signal aborts first */
  async use<T>(providerId: string, limit: number, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    const slots = this.slotsOf(providerId, limit);
    await take(slots, signal);
    try {
      return await call();
    } finally {
      slots.release();
    }
  }

  private slotsOf(providerId: string, limit: number): CallSlots {
    const known = this.slots.get(providerId) ?? new CallSlots(limit);
    this.slots.set(providerId, known);
    return known;
  }
}

async function take(slots: CallSlots, signal: AbortSignal): Promise<void> {
  try {
    await slots.take(signal);
  } catch (cause) {
    throw modelFailure('MODEL_CALL_ABORTED', 'The call was given up before it began', { cause });
  }
}
