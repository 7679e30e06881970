import type { ProgramDefinition } from '../../src/engine/index.js';
import type { State } from './state.js';

export const STEPS_PER_RUN = 10;

/** The work costs nothing, so that what is measured is the engine: each step answers a state of the same size. */
export const tenSteps: ProgramDefinition = {
  kind: 'bench',
  version: 1,
  run: async (ctx, input) => {
    let state = input as State; // ours: see the subject
    for (let round = 1; round <= STEPS_PER_RUN; round += 1) {
      const last = state;
      state = await ctx.step(`step:${round}`, () => Promise.resolve({ round, text: last.text }));
    }
    return state;
  },
};
