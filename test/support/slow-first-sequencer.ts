import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest of their suites, the longest first: begun last, they would go on alone. */
const SLOW = ['kill.kill-spec.ts', 'start-and-stop.kill-spec.ts', 'frozen-worker.chaos-spec.ts', 'drain.chaos-spec.ts'];

/** Begins with the slow files; the others follow in the order that Vitest has for them. */
export class SlowFirstSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = SLOW.findIndex((name) => moduleId.endsWith(`/${name}`));
  return rank < 0 ? SLOW.length : rank;
}
