import { describe, expect, it } from 'vitest';
import { ROLE_NAMES } from '../../projects/role-names.js';
import { Random } from '../../streams/testing/random.js';
import { findPlanFaults } from './plan-faults.js';
import { reduce } from './reduce.js';
import { continued, isUnfinished, retried } from './restart.js';
import { engineerOf, nextMove, nextPlanning, nextTesting } from './route.js';
import { tasksToStart } from './schedule.js';
import type { SwarmFact } from './swarm-facts.js';
import {
  MAX_HAND_OFFS,
  MAX_REVIEWS,
  MAX_TEST_ROUNDS,
  NEW_STATE,
  type PlannedTask,
  type SwarmState,
  type SwarmTask,
  TASK_TYPES,
} from './swarm-state.js';

function planned(id: string, more: Partial<PlannedTask> = {}): PlannedTask {
  const type = more.type ?? 'frontend';
  return { id, title: id, description: '', type, depends_on: [], priority: 50, role: engineerOf(type), ...more };
}

function stateWith(...tasks: PlannedTask[]): SwarmState {
  const planning = { role: 'product_manager', faults: [], has_plan: true, notes: '' } as const;
  return after(NEW_STATE, { kind: 'planning_ended', planning, plan: tasks });
}

const after = (state: SwarmState, ...facts: SwarmFact[]) => facts.reduce(reduce, state);
const taskOf = (state: SwarmState, id: string) => state.plan.find((task) => task.id === id) as SwarmTask;

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);
const pick = <T>(random: Random, items: readonly T[]): T => items[random.below(items.length)] as T;

/** Each task depends on tasks before it: no cycles. */
function randomPlan(random: Random, least = 1): PlannedTask[] {
  return Array.from({ length: least + random.below(14) }, (_, index) => {
    const needs = Array.from({ length: index === 0 ? 0 : random.below(4) }, () => `t${random.below(index)}`);
    const more = { priority: random.below(101), depends_on: [...new Set(needs)] };
    return planned(`t${index}`, { type: pick(random, TASK_TYPES), ...more });
  });
}

function forRandom(check: (random: Random) => void): void {
  for (const seed of SEEDS) check(new Random(seed));
}

describe('a plan', () => {
  it('is sound when each task depends on tasks before it', () => {
    forRandom((random) => expect(findPlanFaults(randomPlan(random))).toEqual([]));
  });

  it('is faulty with any cycle', () => {
    forRandom((random) => {
      const plan = randomPlan(random, 2);
      const [first, ...others] = plan as [PlannedTask, ...PlannedTask[]];
      const last = plan.at(-1) as PlannedTask;
      const closed = [
        { ...first, depends_on: [last.id] },
        ...others.slice(0, -1),
        { ...last, depends_on: [...last.depends_on, first.id] },
      ];
      expect(findPlanFaults(closed)[0]).toMatch(/wait for one another.*t0/);
    });
  });

  it('is faulty with any dependency that is no task, wherever it stands', () => {
    forRandom((random) => {
      const plan = randomPlan(random);
      const faulty = pick(random, plan);
      const broken = plan.map((one) => (one === faulty ? { ...one, depends_on: [...one.depends_on, 'gone'] } : one));
      expect(findPlanFaults(broken)).toEqual([`Task ${faulty.id} depends on gone, which is no task.`]);
    });
  });

  /** Makes random plans, or none, until the router has enough of it. */
  function planAtRandom(random: Random): { state: SwarmState; end: string; faulty: number } {
    let state = NEW_STATE;
    let faulty = 0;
    for (let attempts = 0; attempts < 5; attempts += 1) {
      const move = nextPlanning(state);
      if (move === null) return { state, faulty, end: 'planned' };
      if (move.kind === 'fail') return { state, faulty, end: move.error.code };
      const plan = pick(random, [randomPlan(random), [planned('a', { depends_on: ['a'] })], undefined]);
      const without = state.planning.length === 0 ? [] : ['No plan was submitted'];
      const faults = plan ? findPlanFaults(plan) : without;
      faulty += faults.length > 0 ? 1 : 0;
      const planning = { role: move.role, faults, has_plan: plan !== undefined, notes: '' };
      state = after(state, { kind: 'planning_ended', planning, plan: faults.length > 0 ? [] : (plan ?? []) });
    }
    return { state, faulty, end: 'never' };
  }

  it('goes back once when it is faulty, and fails clearly the second time, whoever plans', () => {
    forRandom((random) => {
      const { state, end, faulty } = planAtRandom(random);
      const isPlanned = state.plan.length > 0;
      expect([end, faulty < 2]).toEqual(isPlanned ? ['planned', true] : ['SWARM_PLAN_INVALID', false]);
      expect(faulty).toBeLessThanOrEqual(2);
    });
  });

  it.each([
    ['nothing', [], 'has no tasks'],
    ['doubled ids', [planned('a'), planned('a')], 'Two tasks have the id a'],
    ['unknown dependencies', [planned('a', { depends_on: ['x'] })], 'depends on x, which is no task'],
    ['a task that waits for itself', [planned('a', { depends_on: ['a'] })], 'wait for one another'],
  ])('is faulty with %s', (_, plan, fault) => {
    expect(findPlanFaults(plan).join()).toContain(fault);
  });
});

describe('scheduling', () => {
  it('obeys dependencies, priorities and the limit, and does each task of a sound plan once', () => {
    forRandom((random) => {
      const plan = randomPlan(random);
      const limit = 1 + random.below(4);
      let state = stateWith(...plan);
      const started: string[] = [];
      for (;;) {
        for (const { id } of tasksToStart(state.plan, limit)) {
          expect(taskOf(state, id).depends_on.every((other) => taskOf(state, other).status === 'completed')).toBe(true);
          state = after(state, { kind: 'task_taken', task_id: id });
          started.push(id);
        }
        const underWay = state.plan.filter(({ status }) => status === 'in_progress');
        expect(underWay.length).toBeLessThanOrEqual(limit);
        if (underWay.length === 0) break;
        state = after(state, { kind: 'task_completed', task_id: pick(random, underWay).id });
      }
      expect(started.toSorted()).toEqual(plan.map(({ id }) => id).toSorted());
    });
  });

  it('prefers the higher priority, then the order of the plan', () => {
    const { plan } = stateWith(planned('a'), planned('b', { priority: 90 }), planned('c'));
    expect(tasksToStart(plan, 2).map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('never starts what waits for a failed task', () => {
    forRandom((random) => {
      const plan = randomPlan(random);
      const failed = pick(random, plan).id;
      const state = after(stateWith(...plan), {
        kind: 'task_failed',
        task_id: failed,
        error: { code: 'X', message: 'x' },
      });
      const dead = new Set(state.plan.filter(({ status }) => status !== 'pending').map(({ id }) => id));
      for (const { id, depends_on, status } of state.plan) {
        const waits = depends_on.some((other) => dead.has(other));
        expect(status).toBe(id === failed ? 'failed' : waits ? 'blocked' : 'pending');
      }
    });
  });
});

describe('routing of a task', () => {
  const hand = { from: 'backend_engineer', to: 'devops_engineer', reason: 'r', task_id: 'a', at: '' } as const;
  const worked: SwarmFact = { kind: 'work_ended', task_id: 'a', role: 'frontend_engineer', summary: 's' };
  const judged = (passed: boolean): SwarmFact => ({
    kind: 'review_ended',
    task_id: 'a',
    role: 'code_reviewer',
    verdict: { task_id: 'a', passed, findings: passed ? [] : [{ severity: 'high', message: 'm' }] },
  });
  const move = (state: SwarmState) => nextMove(taskOf(state, 'a'));

  it('goes from the role of the plan to the reviewer, and to the engineer of its kind with the findings', () => {
    const begun = stateWith(planned('a', { type: 'database', role: 'fullstack_engineer' }));
    expect(move(begun)).toMatchObject({ kind: 'work', role: 'fullstack_engineer', findings: [] });
    expect(move(after(begun, worked))).toEqual({ kind: 'review', role: 'code_reviewer' });
    expect(move(after(begun, worked, judged(true)))).toEqual({ kind: 'complete' });
    expect(move(after(begun, worked, judged(false)))).toMatchObject({
      role: 'backend_engineer',
      findings: [{ message: 'm' }],
    });
  });

  it('lets an explicit hand-off win, but not for ever', () => {
    const handed: SwarmFact = { kind: 'handed_off', hand_off: hand };
    const begun = stateWith(planned('a'));
    expect(move(after(begun, handed, worked))).toMatchObject({ kind: 'work', role: 'devops_engineer' });
    const often = Array.from({ length: MAX_HAND_OFFS + 1 }, () => handed);
    expect(move(after(begun, ...often, worked))).toMatchObject({ kind: 'review' });
  });

  it('ends within its rounds, whatever the roles do', () => {
    forRandom((random) => {
      let state = stateWith(planned('a', { type: pick(random, TASK_TYPES) }));
      for (let jobs = 0; ; jobs += 1) {
        const next = move(state);
        if (next.kind === 'complete' || next.kind === 'fail') break;
        expect(jobs).toBeLessThan(2 * MAX_REVIEWS + MAX_HAND_OFFS + 2);
        const about = { task_id: 'a', role: next.role };
        state = after(state, { ...about, kind: next.kind === 'work' ? 'work_began' : 'review_began' });
        const to = pick(random, ROLE_NAMES);
        if (random.below(2) === 0) state = after(state, { kind: 'handed_off', hand_off: { ...hand, to } });
        const ended = pick(random, [
          judged(true),
          judged(false),
          { ...about, kind: 'review_ended', verdict: null } as const,
        ]);
        state = after(state, next.kind === 'work' ? { ...about, kind: 'work_ended', summary: '' } : ended);
      }
      expect(taskOf(state, 'a').reviews).toBeLessThanOrEqual(MAX_REVIEWS);
    });
  });
});

describe('routing of the whole', () => {
  const attempt = (
    role: 'product_manager' | 'task_decomposer',
    faults: string[],
    hasPlan = faults.length > 0,
  ): SwarmFact => ({
    kind: 'planning_ended',
    planning: { role, faults, has_plan: hasPlan, notes: 'n' },
    plan: [],
  });

  it('asks the product manager, else the decomposer, and each faulty plan once again', () => {
    expect(nextPlanning(NEW_STATE)).toMatchObject({ role: 'product_manager' });
    const left = after(NEW_STATE, attempt('product_manager', []));
    expect(nextPlanning(left)).toMatchObject({ role: 'task_decomposer', notes: 'n' });
    const faulty = after(NEW_STATE, attempt('product_manager', ['f']));
    expect(nextPlanning(faulty)).toMatchObject({ role: 'product_manager', faults: ['f'] });
    expect(nextPlanning(after(faulty, attempt('product_manager', ['g'])))).toMatchObject({
      kind: 'fail',
      error: { code: 'SWARM_PLAN_INVALID', details: { faults: ['g'] } },
    });
    expect(nextPlanning(stateWith(planned('a')))).toBeNull();
  });

  it('tests until it has passed, and reopens what has not', () => {
    let state = after(stateWith(planned('a')), { kind: 'task_completed', task_id: 'a' });
    const verdict = { task_id: 'a', passed: false, findings: [] };
    for (let round = 0; round < MAX_TEST_ROUNDS; round += 1) {
      expect(nextTesting(state)).toEqual({ kind: 'test' });
      const role = 'qa_engineer';
      const ended = { kind: 'testing_ended', role, verdicts: [verdict] } as const;
      state = after(state, { kind: 'testing_began', role }, ended);
      expect(taskOf(state, 'a')).toMatchObject({ status: 'pending', stage: 'found_faulty' });
    }
    expect(nextTesting(state)).toMatchObject({ kind: 'fail', error: { code: 'SWARM_TESTS_FAILED' } });
    const passed = after(state, {
      kind: 'testing_ended',
      role: 'qa_engineer',
      verdicts: [{ ...verdict, passed: true }],
    });
    expect(nextTesting(passed)).toBeNull();
  });

  it('changes nothing any more once it has ended', () => {
    const failed = after(stateWith(planned('a')), { kind: 'failed', error: { code: 'X', message: 'x' } });
    expect(after(failed, { kind: 'task_taken', task_id: 'a' }, { kind: 'completed' })).toBe(failed);
  });
});

describe('starting again', () => {
  const error = { code: 'X', message: 'x' };
  const ended = after(
    stateWith(planned('a'), planned('b'), planned('c', { depends_on: ['a', 'b'] }), planned('d')),
    { kind: 'task_failed', task_id: 'a', error },
    { kind: 'task_failed', task_id: 'b', error },
    { kind: 'task_completed', task_id: 'd' },
    { kind: 'failed', error },
  );
  const shown = ({ plan }: SwarmState) => plan.map(({ status }) => status);

  it('takes up all that is not done, or one failed task with what can go on then', () => {
    expect(shown(ended)).toEqual(['failed', 'failed', 'blocked', 'completed']);
    expect(shown(continued(ended))).toEqual(['pending', 'pending', 'pending', 'completed']);
    expect(shown(retried(ended, 'a'))).toEqual(['pending', 'failed', 'blocked', 'completed']);
    expect(continued(ended)).toMatchObject({ phase: 'initializing', error: null, iteration: 0 });
    expect(isUnfinished(ended)).toBe(true);
  });
});
