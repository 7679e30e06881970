import { readFileSync } from 'node:fs';

/** The build lies one folder deeper than the sources. */
const ROOT = new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url);

/** A file of the repository as text, from the sources and from the build alike. */
export function readRepositoryFile(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}
