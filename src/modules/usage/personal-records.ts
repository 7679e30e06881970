import type { RecordStatements } from '../users/stored-records.js';

const RUNS = 'SELECT id FROM runs WHERE user_id = $1';

/** The numbers stay, since sums of projects and of the installation are made of them; whose they were does not. */
export const PERSONAL_USAGE: RecordStatements = {
  select: 'SELECT * FROM usage_days WHERE user_id = $1 ORDER BY day',
  erase: [
    'UPDATE usage_days SET user_id = gen_random_uuid() WHERE user_id = $1',
    'UPDATE usage_runs SET user_id = gen_random_uuid() WHERE user_id = $1',
    // What belongs to no run has the id of its user in place of a run's.
    'UPDATE usage_runs SET run_id = gen_random_uuid(), root_run_id = gen_random_uuid() WHERE run_id = $1',
    `UPDATE model_calls SET user_id = gen_random_uuid(), run_id = gen_random_uuid(), root_run_id = gen_random_uuid()
      WHERE run_id = $1`,
    'DELETE FROM budget_notices WHERE run_id = $1',
    `UPDATE model_calls SET user_id = gen_random_uuid(), step_key = 'erased' WHERE run_id IN (${RUNS})`,
    `UPDATE budget_notices SET step_key = 'erased' WHERE run_id IN (${RUNS})`,
  ],
};

/** Those of projects hold numbers only, and stay there. */
export const PERSONAL_BUDGETS: RecordStatements = {
  select: 'SELECT * FROM budgets WHERE owner_id = $1 ORDER BY id',
  erase: ['DELETE FROM budgets WHERE owner_id = $1 AND project_id IS NULL'],
};
