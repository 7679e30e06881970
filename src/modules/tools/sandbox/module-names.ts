/** Whether a module of that name is there. */
type Knows = (name: string) => boolean;

export type ModuleReading = { readonly name: string } | { readonly message: string };

const ENDINGS = ['', '.js', '.mjs', '.cjs', '.json', '/index.js'];

/**
 * Which module is meant by what stands in an `import`. Relative names are read from the folder of the module that they stand
 * in, and end at the root of all folders. Pure.
 *
 * @param from the name of that module
 */
export function readModuleName(knows: Knows, from: string, wanted: string): ModuleReading {
  if (!/^\.{1,2}\//.test(wanted)) return knows(wanted) ? { name: wanted } : unknown(wanted, from);
  const parts = resolved([...foldersOf(from), ...wanted.split('/')]);
  if (!parts) return { message: `${wanted}, imported by ${from}, leads out of the project` };
  const path = `./${parts.join('/')}`;
  const found = ENDINGS.map((ending) => path + ending).find(knows);
  return found === undefined ? unknown(wanted, from) : { name: found };
}

function foldersOf(name: string): string[] {
  return name.startsWith('./') ? name.split('/').slice(0, -1) : [];
}

/** Undefined when they lead above the first. */
function resolved(parts: readonly string[]): string[] | undefined {
  const found: string[] = [];
  for (const part of parts) {
    if (part === '..' && found.pop() === undefined) return undefined;
    if (part !== '' && part !== '.' && part !== '..') found.push(part);
  }
  return found;
}

function unknown(wanted: string, from: string): ModuleReading {
  return { message: `There is no module ${wanted} here, which ${from} imports` };
}
