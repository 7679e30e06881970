import { availableParallelism } from 'node:os';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Algorithm, hash, type Options, verify } from '@node-rs/argon2';
import { SignInBusyError } from './auth.errors.js';

// OWASP's second choice for argon2id: 19 MiB, two passes.
const OPTIONS: Options = { algorithm: 2 satisfies Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const MAX_WAITING = 100;

/**
 * argon2id, at most one hash per core but one: each takes 19 MiB and a thread of the pool that file access and DNS
 * share.
 */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly slots = Math.max(1, availableParallelism() - 1);
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private decoy = '';

  async onModuleInit(): Promise<void> {
    this.decoy = await hash('no account has this password', OPTIONS);
  }

  hash(password: string): Promise<string> {
    return this.inSlot(() => hash(password, OPTIONS));
  }

  /** Without a stored hash it works as long and answers false: the time does not tell whether the account exists. */
  async verify(storedHash: string | undefined, password: string): Promise<boolean> {
    const isRight = await this.inSlot(() => verify(storedHash ?? this.decoy, password, OPTIONS));
    return isRight && storedHash !== undefined;
  }

  private async inSlot<T>(work: () => Promise<T>): Promise<T> {
    await this.takeSlot();
    try {
      return await work();
    } finally {
      this.giveSlotBack();
    }
  }

  private async takeSlot(): Promise<void> {
    if (this.running < this.slots) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= MAX_WAITING) throw new SignInBusyError();
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** A slot goes straight to whoever waits, so that nobody overtakes. */
  private giveSlotBack(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}
