import { DiscoveryService } from '@nestjs/core';
import type { ProgramDefinition } from '../../engine/index.js';

/** What a class with `@Program` has. It is read once all modules have been initialised. */
export interface ProgramHolder {
  readonly definition: ProgramDefinition;
}

/** Registers the program of a run kind: `@Program('flow')` on a provider with a `definition` of that kind. */
export const Program = DiscoveryService.createDecorator<string>();
