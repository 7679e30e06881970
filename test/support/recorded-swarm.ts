import type { SwarmPorts } from '../../src/modules/swarm/program/swarm-ports.js';
import { roleAgents } from '../../src/modules/swarm/roles/role-agents.js';
import { NEW_STATE } from '../../src/modules/swarm/state/swarm-state.js';
import type { ReportedCall } from '../../src/modules/swarm/tools/reports.js';

const a = { id: 'a', title: 'A page', type: 'frontend', priority: 60 };
const b = { id: 'b', title: 'Its words', type: 'documentation' };
const c = { id: 'c', title: 'A service', type: 'other', depends_on: ['a', 'b'] };

/** By the key of a role's run: a plan that goes back, tasks side by side, a review that fails, a hand-off, tests. */
const REPORTS: Readonly<Record<string, readonly ReportedCall[]>> = {
  'planning:1:run': [plan({ ...a, depends_on: ['c'] }, b, c)],
  'planning:2:run': [plan(a, b, c)],
  'task:a:3:run': [judge('a', false)],
  'task:a:5:run': [judge('a', true)],
  'task:c:2:run': [{ tool: 'hand_off', arguments: { to: 'backend_engineer', reason: 'It needs data' } }],
  'testing:1:run': [judge('b', false)],
  'testing:2:run': [judge('c', true)],
};

/** What the roles of the recorded swarm runs reported, for today's program. */
export const RECORDED_SWARM: SwarmPorts = {
  load: async () => ({
    state: NEW_STATE,
    agents: roleAgents({}, { providerId: null, model: null }),
    max_parallel_tasks: 2,
    is_offline: false,
  }),
  report: async (childKey) => ({
    run_id: null,
    calls: REPORTS[childKey] ?? [],
    files: childKey === 'task:a:2:run' ? [{ path: 'a.html', version: 1 }] : [],
    at: '2026-11-20T16:00:00.000Z',
  }),
  save: async () => undefined,
};

function plan(...tasks: object[]): ReportedCall {
  return { tool: 'submit_plan', arguments: { tasks } };
}

function judge(taskId: string, passed: boolean): ReportedCall {
  return { tool: 'submit_review', arguments: { task_id: taskId, passed } };
}
