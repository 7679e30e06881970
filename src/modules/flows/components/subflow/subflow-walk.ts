import type { Flow } from '../../entities/flow.entity.js';
import { textField } from '../text-field.js';

/** How deep flows may run inside of flows. */
export const MAX_DEPTH = 5;
/** Flows looked at before a run begins; what lies beyond is checked when it is reached. */
const MAX_FLOWS = 100;
export const SUBFLOW_TYPE = 'subflow';

export type SubflowFault = { readonly code: string; readonly message: string };
export type FindFlow = (flowId: string) => Promise<Pick<Flow, 'id' | 'nodes'> | undefined>;

/**
 * Looks through a flow and the flows inside of it for one that would run inside of itself, or too deep.
 *
 * @param ancestors the flows that it would run inside of, the outermost first
 */
export async function findSubflowFault(
  flowId: string,
  ancestors: readonly string[],
  find: FindFlow,
): Promise<SubflowFault | undefined> {
  const open: Array<readonly string[]> = [[...ancestors, flowId]];
  for (let looked = 0; looked < MAX_FLOWS; looked += 1) {
    const chain = open.pop();
    const id = chain?.at(-1);
    if (chain === undefined || id === undefined) return undefined;
    const fault = faultOf(chain, id);
    if (fault) return fault;
    const flow = await find(id);
    if (!flow) return { code: 'SUBFLOW_NOT_FOUND', message: `there is no flow ${id}` };
    for (const inner of innerFlows(flow)) open.push([...chain, inner]);
  }
  return undefined;
}

function faultOf(chain: readonly string[], id: string): SubflowFault | undefined {
  const way = chain.join(' -> ');
  if (chain.indexOf(id) !== chain.length - 1) {
    return { code: 'SUBFLOW_CYCLE', message: `the flow would run inside of itself: ${way}` };
  }
  if (chain.length <= MAX_DEPTH) return undefined;
  return { code: 'SUBFLOW_TOO_DEEP', message: `flows run at most ${MAX_DEPTH} deep inside of each other: ${way}` };
}

function innerFlows({ nodes }: Pick<Flow, 'nodes'>): Set<string> {
  const ids = nodes.filter(({ type }) => type === SUBFLOW_TYPE).map(({ data }) => textField(data, 'flow_id'));
  return new Set(ids.map((id) => id.toLowerCase()).filter((id) => id !== ''));
}
