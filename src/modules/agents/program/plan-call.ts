import type { OfferedTool, SchemaFault } from './agent-ports.js';
import type { AgentToolCall, ToolError } from './agent-run.js';

type Arguments = Readonly<Record<string, unknown>>;

/** A call that may be made. */
export interface SoundCall {
  readonly call: AgentToolCall;
  readonly key: string;
  readonly tool: OfferedTool;
  readonly args: Arguments;
}

/** Or one that goes back to the model as it is. */
export type PlannedCall =
  | SoundCall
  | { readonly call: AgentToolCall; readonly key: string; readonly refusal: ToolError; readonly args?: unknown };

/** Says what a call of the model comes to: whether there is such a tool, and whether its arguments are right. Pure. */
export function planCall(
  call: AgentToolCall,
  key: string,
  tools: ReadonlyMap<string, OfferedTool>,
  faultsIn: (schema: Arguments, value: unknown) => readonly SchemaFault[],
): PlannedCall {
  const tool = tools.get(call.name);
  if (!tool) return { call, key, refusal: unknownTool(call.name, [...tools.keys()]) };
  const parsed = parse(call.arguments);
  if (parsed === undefined) return { call, key, refusal: faulty([{ path: '', message: 'are not JSON' }]) };
  const { value } = parsed;
  if (!isRecord(value)) return { call, key, args: value, refusal: faulty([{ path: '', message: 'are no object' }]) };
  const faults = faultsIn(tool.input_schema, value);
  return faults.length > 0 ? { call, key, args: value, refusal: faulty(faults) } : { call, key, tool, args: value };
}

/** One that is not made: as many others stand before it in the answer as are carried out at once. */
export function tooMany(call: AgentToolCall, key: string, most: number): PlannedCall {
  const message = `At most ${most} calls of one answer are made. Make this one in another.`;
  return { call, key, refusal: { code: 'TOO_MANY_CALLS', message } };
}

function unknownTool(name: string, known: readonly string[]): ToolError {
  const choice = known.length === 0 ? 'There are no tools.' : `There are: ${known.join(', ')}.`;
  return { code: 'TOOL_UNKNOWN', message: `There is no tool ${name}. ${choice}` };
}

function faulty(faults: readonly SchemaFault[]): ToolError {
  const list = faults.map(({ path, message }) => `${path} ${message}`.trim()).join('; ');
  return { code: 'ARGUMENTS_INVALID', message: `The arguments are not right: ${list}`, details: { errors: faults } };
}

function parse(json: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(json) as unknown };
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Arguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
