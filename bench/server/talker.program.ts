import { Injectable, Module } from '@nestjs/common';
import type { ProgramDefinition, RunEvent } from '../../src/engine/index.js';
import { Program } from '../../src/modules/execution/program.decorator.js';

export interface Talk {
  readonly events: number;
  /** Events that commit together. */
  readonly perStep: number;
}

const EVENT_TYPE = 'execution.node.completed';
const TEXT = 'What a node of a flow has to say, about as long as a short answer of a model is. '.repeat(3);

/** What a listener gets, once per event. */
export function talkEvent(n: number): RunEvent {
  return { type: EVENT_TYPE, data: { node_id: `node-${n}`, output: { text: TEXT }, duration_ms: 0 } };
}

/** Waits for a sign, then fills its stream with events. */
@Injectable()
@Program('bench.talk')
export class TalkerProgram {
  readonly definition: ProgramDefinition = {
    kind: 'bench.talk',
    version: 1,
    run: async (ctx, input) => {
      const { events, perStep } = input as Talk;
      await ctx.waitFor('go');
      for (let first = 0; first < events; first += perStep) {
        await ctx.step(`talk:${first}`, (step) => {
          for (let n = first; n < Math.min(first + perStep, events); n += 1) step.emit(talkEvent(n));
          return Promise.resolve(null);
        });
      }
    },
  };
}

@Module({ providers: [TalkerProgram] })
export class TalkerModule {}
