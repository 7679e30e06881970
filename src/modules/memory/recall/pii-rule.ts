import type { MemoryConfig } from '../../../config/config.js';
import type { Owned } from '../../projects/access-policy.js';

/** Whether a model may be shown what has personal data: by default only where nobody but its owner reads along. Pure. */
export function mayShow(
  { pii }: { readonly pii: readonly string[] },
  { projectId }: Pick<Owned, 'projectId'>,
  rule: MemoryConfig['piiToModels'],
): boolean {
  if (pii.length === 0 || rule === 'always') return true;
  return rule === 'own' && projectId === null;
}
