import { Injectable } from '@nestjs/common';

export type RemovalListener = (projectId: string) => Promise<void>;

/** What modules above have to do when a project is gone: its rows go by themselves, what is under way does not. */
@Injectable()
export class ProjectRemovals {
  private readonly listeners: RemovalListener[] = [];

  register(listener: RemovalListener): void {
    this.listeners.push(listener);
  }

  async removed(projectId: string): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener(projectId)));
  }
}
