import { runDemo } from './run-demo.js';
import { DemoError } from './demo.errors.js';

try {
  process.exitCode = await runDemo(process.argv.slice(2).join(' '));
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  process.stderr.write(`\n${error.message}\n\n`);
  process.exitCode = 1;
}
