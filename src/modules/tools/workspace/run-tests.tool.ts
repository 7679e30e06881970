import { Injectable } from '@nestjs/common';
import type { PresentFile } from '../../projects/workspace/workspace-file.js';
import { MAX_PATH_BYTES } from '../../projects/workspace/workspace-path.js';
import { WorkspaceReader } from '../../projects/workspace/workspace-reader.js';
import { answerOf, builtIn, objectOf, text, wholeNumber } from '../built-in/built-in.js';
import type { Evaluation } from '../sandbox/evaluation.js';
import { Sandbox } from '../sandbox/sandbox.js';
import { Tool } from '../tool.decorator.js';
import { type CallableTool, type ToolAnswer, type ToolCallContext, ToolFailure } from '../tool.js';
import { assertReach } from '../tool-permissions.js';
import { isLoadable, isTest, testFilesOf } from './test-files.js';
import { TEST_PROGRAM } from './test-program.js';
import { filePath, inWorkspace } from './workspace-scope.js';

const MAX_LISTED = 5_000;
const MAX_FILES = 300;
const MAX_BYTES = 1_000_000;
const STANDARD_TIMEOUT_MS = 5_000;
const CODES = { failed: 'TESTS_BROKEN_OFF', timed_out: 'TOOL_TIMED_OUT', too_large: 'OUTPUT_TOO_LARGE' } as const;

interface Wish {
  readonly paths?: readonly string[];
  readonly timeout_ms?: number;
}

interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly passed: boolean;
  readonly message?: string;
}

/** The JavaScript tests of a project, with its files as modules. */
@Injectable()
@Tool({})
export class RunTestsTool implements CallableTool {
  readonly manifest = builtIn({
    name: 'run_tests',
    description:
      'Runs plain JavaScript tests of the project in a sandbox without network, timers and Node. Test files import other ' +
      'files of the project by relative paths (import or require), and use test, it, describe and assert, as of node:test ' +
      'and node:assert, which are globals too: assert.equal, deepEqual, ok, match, throws, rejects.',
    permissions: ['fs:read', 'exec'],
    timeoutSeconds: 60,
    inputSchema: objectOf({
      paths: {
        type: 'array',
        description: 'Test files. Default: all named *.test.js or *.spec.js, or in a folder test.',
        items: text('Of a file, relative.', MAX_PATH_BYTES, { minLength: 1 }),
        minItems: 1,
        maxItems: 50,
      },
      timeout_ms: wholeNumber('After which all of it is ended.', 10, 10_000, STANDARD_TIMEOUT_MS),
    }),
    outputSchema: answerOf({
      passed: { type: 'integer' },
      failed: { type: 'integer' },
      tests: {
        type: 'array',
        items: objectOf(
          {
            file: { type: 'string' },
            name: { type: 'string' },
            passed: { type: 'boolean' },
            message: { type: 'string' },
          },
          ['file', 'name', 'passed'],
        ),
      },
      logs: { type: 'array', items: { type: 'string' }, description: 'Lines of console.log.' },
    }),
  });

  constructor(
    private readonly reader: WorkspaceReader,
    private readonly sandbox: Sandbox,
  ) {}

  call({ paths, timeout_ms: timeoutMs = STANDARD_TIMEOUT_MS }: Wish, context: ToolCallContext): Promise<ToolAnswer> {
    assertReach(context, 'fs:read');
    assertReach(context, 'exec');
    return inWorkspace(context, async (projectId) => {
      const sources = await this.sourcesOf(context.ownerId, projectId);
      const tests = testsIn(sources, paths).map((path) => `./${path}`);
      const { modules, files } = testFilesOf(sources);
      const job = { code: TEST_PROGRAM, input: JSON.stringify({ tests, files }), modules, timeoutMs };
      return outputOf(await this.sandbox.evaluate(job, context.signal));
    });
  }

  /** All that a test may import, by path. */
  private async sourcesOf(userId: string, projectId: string): Promise<ReadonlyMap<string, string>> {
    const listed = await this.reader.list(userId, projectId, { limit: MAX_LISTED });
    const files = listed.filter(({ path }) => isLoadable(path));
    assertBounded(files);
    const sources = new Map<string, string>();
    for (const { path, content } of files) sources.set(path, (await this.reader.readAll(content)).toString());
    return sources;
  }
}

function assertBounded(files: readonly PresentFile[]): void {
  const bytes = files.reduce((sum, { content }) => sum + content.sizeBytes, 0);
  if (files.length <= MAX_FILES && bytes <= MAX_BYTES) return;
  const message = `Tests are run in projects with up to ${MAX_FILES} files and ${MAX_BYTES} bytes of JavaScript and JSON`;
  throw new ToolFailure('PROJECT_TOO_LARGE', message, { details: { files: files.length, bytes } });
}

function testsIn(sources: ReadonlyMap<string, string>, wanted?: readonly string[]): string[] {
  const paths = wanted ? wanted.map(filePath) : [...sources.keys()].filter(isTest);
  const missing = paths.find((path) => !sources.has(path));
  if (missing !== undefined) throw new ToolFailure('FILE_NOT_FOUND', `There is no JavaScript file ${missing}`);
  if (paths.length === 0) throw new ToolFailure('NO_TESTS', 'No file is named as a test, such as sum.test.js');
  return paths;
}

function outputOf(evaluation: Evaluation): object {
  const { logs } = evaluation;
  if (evaluation.outcome !== 'done')
    throw new ToolFailure(CODES[evaluation.outcome], evaluation.message, { details: { logs } });
  const tests = resultsIn(evaluation.output);
  const passed = tests.filter((one) => one.passed).length;
  return { passed, failed: tests.length - passed, tests, logs };
}

/** The tests share a machine with the program that runs them, and may have broken it. */
function resultsIn(output = 'null'): TestResult[] {
  const told = JSON.parse(output) as unknown;
  if (!Array.isArray(told)) throw new ToolFailure('TESTS_BROKEN_OFF', 'The tests have broken what runs them');
  return told.filter(isResult).map((one) => ({ ...one, file: one.file.replace(/^\.\//, '') }));
}

function isResult(told: unknown): told is TestResult {
  return typeof told === 'object' && told !== null && 'file' in told && typeof told.file === 'string';
}
