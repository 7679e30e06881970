import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import { readModuleName } from './module-names.ts';

const MAX_NAME_CHARS = 1_000;
/** What is wrong with a name is told by the loader: QuickJS makes an empty name of an error in the normalizer. */
const REFUSED = 'refused: ';

/** Lets a program import these modules and no others; `resolveModule(from, wanted)` tells it which one is meant. */
export function provideModules(vm: QuickJSContext, sources: ReadonlyMap<string, string>): void {
  const read = (from: string, wanted: string) => readModuleName((name) => sources.has(name), from, wanted);
  vm.runtime.setModuleLoader(
    (name) => sources.get(name) ?? { error: new Error(name.replace(REFUSED, '')) },
    (from, wanted) => {
      const reading = read(from, wanted);
      return 'name' in reading ? reading.name : REFUSED + reading.message;
    },
  );
  const resolve = vm.newFunction('resolveModule', (from, wanted) => {
    const reading = read(nameIn(vm, from), nameIn(vm, wanted));
    if ('name' in reading) return vm.newString(reading.name);
    return { error: vm.newError(reading.message) };
  });
  vm.setProp(vm.global, 'resolveModule', resolve);
}

function nameIn(vm: QuickJSContext, handle: QuickJSHandle | undefined): string {
  if (!handle || vm.typeof(handle) !== 'string') return '';
  return vm.getNumber(vm.getProp(handle, 'length')) > MAX_NAME_CHARS ? '' : vm.getString(handle);
}
