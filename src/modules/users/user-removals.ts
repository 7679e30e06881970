import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Part of the transaction that removes a user; whoever throws keeps the user from being removed. */
export type UserRemovalListener = (manager: EntityManager, userId: string) => Promise<void>;

/** What modules above have to do before a user goes. Rows that are the user's alone go by themselves. */
@Injectable()
export class UserRemovals {
  private readonly listeners: UserRemovalListener[] = [];
  private readonly checks: UserRemovalListener[] = [];
  private readonly followers: ((userId: string) => Promise<void>)[] = [];

  register(listener: UserRemovalListener): void {
    this.listeners.push(listener);
  }

  /** For what would keep a user from being removed: asked before anything is done that cannot be taken back. */
  beforehand(check: UserRemovalListener): void {
    this.checks.push(check);
  }

  /** For what is to happen once the user is gone. */
  afterwards(listener: (userId: string) => Promise<void>): void {
    this.followers.push(listener);
  }

  async removed(userId: string): Promise<void> {
    await Promise.all(this.followers.map((follow) => follow(userId)));
  }

  async assertRemovable(manager: EntityManager, userId: string): Promise<void> {
    for (const check of this.checks) await check(manager, userId);
  }

  async removingIn(manager: EntityManager, userId: string): Promise<void> {
    for (const listener of this.listeners) await listener(manager, userId);
  }
}
