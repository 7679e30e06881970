import module from 'node:module';
import { fileURLToPath } from 'node:url';

/** Beside what was compiled: the system's folder for temporary files may be written by others. */
const FOLDER = fileURLToPath(new URL('../../.compile-cache', import.meta.url));

/** What V8 makes of our modules and those of others is kept for the next start. Without effect where it cannot be written. */
export function useCompileCache(): void {
  module.enableCompileCache(FOLDER);
}

/** Otherwise done at the end of the process, which not every process lives to see. Nothing to do but after the first start. */
export function saveCompileCache(): void {
  module.flushCompileCache();
}
