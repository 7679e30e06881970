// npm run test:model -- --seed N --runs N: the model-based test from a seed on, in parallel on all cores.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, runs: { type: 'string', default: '500' } },
});
const { status } = spawnSync('vitest', ['run', '--project', 'model', '--testTimeout=600000'], {
  stdio: 'inherit',
  env: { ...process.env, MODEL_SEED: values.seed, MODEL_RUNS: values.runs },
});
process.exit(status ?? 1);
