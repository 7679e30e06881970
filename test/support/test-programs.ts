import { Injectable, Module } from '@nestjs/common';
import { RunFailure, type ProgramDefinition } from '../../src/engine/index.js';
import { Program } from '../../src/modules/execution/program.decorator.js';

export interface AskInput {
  readonly question: string;
}

/** Waits for the signal `answer`, and says what it got. */
@Injectable()
@Program('test.ask')
export class AskProgram {
  readonly definition: ProgramDefinition = {
    kind: 'test.ask',
    version: 1,
    run: async (ctx, input) => {
      const { question } = input as AskInput;
      const answer = await ctx.waitFor('answer', {
        requested: {
          type: 'approval.requested',
          data: { run_id: ctx.runId, key: 'answer', prompt: question, options: [] },
        },
      });
      return { question, answer };
    },
  };
}

/** Echoes its input in a step, names its output itself, and fails when it is asked to. */
@Injectable()
@Program('test.echo')
export class EchoProgram {
  readonly definition: ProgramDefinition = {
    kind: 'test.echo',
    version: 3,
    replays: [2],
    completed: (output) => ({ outputs: output }),
    run: async (ctx, input) => {
      const echo = await ctx.step('echo', async (step) => {
        step.chunk('some ');
        step.chunk('text');
        return input;
      });
      if (isFailing(input)) throw new RunFailure({ code: 'ASKED_TO_FAIL', message: 'as asked' }, { echo });
      return { echo };
    },
  };
}

function isFailing(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'fail' in input;
}

@Module({ providers: [AskProgram, EchoProgram] })
export class TestPrograms {}
