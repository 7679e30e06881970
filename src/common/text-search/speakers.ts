import type { Candidates } from './candidates.js';
import type { PlannedConcept, QuestionPlan } from './question-plan.js';

/** Said by whom the question names, or by another. */
const BY_NAMED = 1.4;
const BY_ANOTHER = 0.8;

export interface WhoSaysIt {
  /** What the question asks for beside who says it. */
  readonly concepts: readonly PlannedConcept[];
  readonly boostOf: (at: number) => number;
}

/** Words of the question that name somebody who speaks say who, not what. Pure. */
export function whoSaysIt({ concepts }: QuestionPlan, { hits }: Candidates): WhoSaysIt {
  const speaking = concepts.filter(({ speaker }) => speaker !== undefined && hits[speaker]?.some((hit) => hit > 0));
  if (speaking.length === 0) return { concepts, boostOf: () => 1 };
  const names = new Set(speaking.map(({ word }) => word.word));
  const others = concepts.filter(({ word }) => !names.has(word.word));
  const saidBy = speaking.map(({ speaker = -1 }) => hits[speaker]);
  const boostOf = (at: number) => (saidBy.some((hit) => (hit?.[at] ?? 0) > 0) ? BY_NAMED : BY_ANOTHER);
  return { concepts: others.length > 0 ? others : concepts, boostOf };
}
