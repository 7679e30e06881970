import { type InputFault } from '../../../common/errors/domain.error.js';
import type { SchemaChecks } from '../schema-checks.js';
import type { JsonSchema, ToolManifest, ToolPermission } from '../tool.js';

/** `none`: it changes nothing; `idempotent`: doing it twice is doing it once; `other`: neither. */
export const SIDE_EFFECTS = ['none', 'idempotent', 'other'] as const;
export type SideEffects = (typeof SIDE_EFFECTS)[number];

/** Of PostgreSQL's integers. */
export const MAX_VERSION = 2 ** 31 - 1;
export const PART_OF_NAME = /^[a-z0-9][a-z0-9_-]{0,39}$/;
/** What a program can be given through `callTool`; of the network, named hosts only. */
export const PROMOTED_PERMISSION =
  /^(net:[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|fs:read|fs:write|memory:read|memory:write|knowledge:read)$/;
const WRITING: ReadonlySet<ToolPermission> = new Set(['fs:write', 'memory:write']);

/** Something that the tool was shown to do, and does again before a version of it is registered. */
export interface ToolExample {
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected_output: unknown;
}

/** What a version of a promoted tool says of itself. */
export interface PromotedManifest {
  /** `<domain>/<name>`. */
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema | null;
  readonly permissions: readonly ToolPermission[];
  readonly timeoutSeconds: number;
  readonly sideEffects: SideEffects;
  readonly approval: ToolManifest['approval'];
  readonly solutionId: string;
}

export interface ToolDraft extends PromotedManifest {
  /** JavaScript, as `run_code` takes it. */
  readonly code: string;
  readonly examples: readonly ToolExample[];
}

export function toManifest({ outputSchema, sideEffects, ...own }: PromotedManifest, version: number): ToolManifest {
  const { name, description, inputSchema, permissions, timeoutSeconds, approval, solutionId } = own;
  return {
    name,
    version,
    description,
    inputSchema,
    ...(outputSchema && { outputSchema }),
    permissions,
    timeoutSeconds,
    approval,
    onInterrupted: sideEffects === 'other' ? 'fail' : 'retry',
    isParallel: sideEffects === 'none',
    promotedFrom: solutionId,
  };
}

/** What keeps a draft from being a tool, as far as it can be seen. */
export function faultsOf(draft: PromotedManifest, checks: SchemaChecks): readonly InputFault[] {
  const { inputSchema, outputSchema, permissions, sideEffects } = draft;
  const written = permissions.find((permission) => WRITING.has(permission));
  const found: [path: string, code: string, message: string | undefined][] = [
    ['/input_schema', 'SCHEMA_INVALID', inputSchema['type'] === 'object' ? undefined : 'must be of an object'],
    ['/input_schema', 'SCHEMA_INVALID', checks.faultOf(inputSchema)],
    ['/output_schema', 'SCHEMA_INVALID', outputSchema ? checks.faultOf(outputSchema) : undefined],
    ['/side_effects', 'NOT_ALLOWED', sideEffects === 'none' && written ? `cannot be none with ${written}` : undefined],
  ];
  return found.flatMap(([path, code, message]) => (message === undefined ? [] : [{ path, code, message }]));
}
