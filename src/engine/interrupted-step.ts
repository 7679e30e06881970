import type { RunContext, StepOptions } from './program.js';
import { questionKey } from './replay.js';
import type { RunExecution } from './run-execution.js';

type Work = Parameters<RunContext['step']>[1];

/**
 * A step that a person decides about when the process died in the middle of it, each time anew. How many questions
 * there are is read from the journal, so a replay asks the same ones.
 */
export async function stepAfterQuestions<T>(
  run: RunExecution,
  context: RunContext,
  key: string,
  work: Work,
  options: StepOptions<unknown>,
): Promise<T> {
  const { replay } = run;
  const questions = (replay.questions.get(key) ?? 0) + (replay.begun.has(key) ? 1 : 0);
  for (let number = 1; number <= questions; number += 1) {
    if (await isApproved(context, questionKey(key, number), key)) continue;
    return run.mailbox.ask<T>(key, 'work', () => run.steps.failInterrupted(key, options));
  }
  return run.mailbox.ask<T>(key, 'work', () => run.steps.start(key, work, options));
}

async function isApproved(context: RunContext, question: string, step: string): Promise<boolean> {
  const prompt = `The server stopped in the middle of the step ${step}. Its effect may have happened. Run it again?`;
  const { decision } = await context.waitFor<{ decision: string }>(question, {
    requested: { type: 'approval.requested', data: { key: question, prompt, options: ['approve', 'reject'] } },
    resolved: (answer) => ({ type: 'approval.resolved', data: { key: question, ...answer } }),
  });
  return decision === 'approve';
}
