import { TEST_MODULES } from './test-program.js';

/** What the sandbox is given of a project: modules by `./<path>`, and the sources of those that are no ES modules. */
export interface TestFiles {
  readonly modules: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

const LOADABLE = /\.([cm]?js|json)$/;
const FOREIGN = /(^|\/)node_modules\//;
const TEST = /(^|\/)(tests?|__tests__)\/.*\.[cm]?js$|[._-](test|spec)\.[cm]?js$/;
const ES_MODULE = /^\s*(import\b|export\b)/m;
const COMMON_JS = /\brequire\s*\(|\bmodule\.exports\b|\bexports\./;

export function isLoadable(path: string): boolean {
  return LOADABLE.test(path) && !FOREIGN.test(path);
}

/** By its name. */
export function isTest(path: string): boolean {
  return isLoadable(path) && TEST.test(path);
}

/** JSON and what calls `require` are evaluated as they are; a module stands in for each where they are imported. Pure. */
export function testFilesOf(sources: ReadonlyMap<string, string>): TestFiles {
  const modules: Record<string, string> = { ...TEST_MODULES };
  const files: Record<string, string> = {};
  for (const [path, text] of sources) {
    const name = `./${path}`;
    const isOld = isEvaluated(path, text);
    if (isOld) files[name] = text;
    modules[name] = isOld ? `export default commonJs(${JSON.stringify(name)});` : text;
  }
  return { modules, files };
}

function isEvaluated(path: string, text: string): boolean {
  if (/\.(cjs|json)$/.test(path)) return true;
  return path.endsWith('.js') && COMMON_JS.test(text) && !ES_MODULE.test(text);
}
