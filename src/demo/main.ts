import { readEnvironment } from '../config/read-environment.js';
import { DemoError } from './demo.errors.js';
import { runDemo } from './run-demo.js';

try {
  const idea = process.argv.slice(2).join(' ');
  process.exitCode = await runDemo({ idea, env: readEnvironment(), screen: process.stdout });
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  process.stderr.write(`\n${error.message}\n\n`);
  process.exitCode = 1;
}
