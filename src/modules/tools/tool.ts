import type { RunContext } from '../../engine/index.js';

/** A JSON Schema (2020-12) of an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * What a tool may reach: `net` or `net:<host>`, `fs:read`, `fs:write`, `exec`, `memory:read`, `memory:write`,
 * `knowledge:read`, `agents`, `people`, `mcp:<server>`.
 */
export type ToolPermission = string;

/** What is known of a tool without calling it. */
export interface ToolManifest {
  /** Letters, digits, `_`, `-`, `.`; a slash parts the server or domain from the tool. At most 128. */
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  /** Absent: any JSON. */
  readonly outputSchema?: JsonSchema;
  /** Of one call. */
  readonly timeoutSeconds: number;
  readonly permissions: readonly ToolPermission[];
  /** `first_use`: a person is asked once a run. */
  readonly approval: 'never' | 'always' | 'first_use';
  /** What becomes of a call that was in flight when the process died. */
  readonly onInterrupted: 'retry' | 'ask' | 'fail';
  /** Whether it may run beside other calls of the same model answer. */
  readonly isParallel: boolean;
  /** The solution it was made from. */
  readonly promotedFrom?: string;
}

/** For whom tools are looked up: what a person has, and what a project has. */
export interface ToolScope {
  readonly ownerId: string;
  readonly projectId: string | null;
}

/** Of one call. What a tool may touch is what stands here. */
export interface ToolCallContext extends ToolScope {
  /** Null when a person calls the tool by itself. */
  readonly runId: string | null;
  readonly traceId: string;
  /** The same in each attempt of one call. */
  readonly idempotencyKey: string;
  /** Aborted when the call's time is over, or its run is cancelled or lost. */
  readonly signal: AbortSignal;
  /** What this call may reach: what the manifest declares, less what the caller was not given. */
  readonly permissions: ReadonlySet<ToolPermission>;
}

/** A picture or a file that a tool answered, kept as an artifact. */
export interface ToolArtifact {
  readonly artifactId: string;
  readonly mediaType: string;
}

/** What a tool answers: JSON, and what a model is shown beside it. */
export interface ToolAnswer {
  readonly output: unknown;
  readonly artifacts?: readonly ToolArtifact[];
}

interface Offered {
  /** Whether lists show it. Default: yes. One that lacks its configuration is found by name all the same, and says so. */
  isOffered?(): boolean;
}

/**
 * Something a model, a flow or a person may call. Register one by `@Tool()` on a Nest provider class.
 *
 * Arguments have been checked against `inputSchema`. A tool that fails throws `ToolFailure`; anything else is a fault.
 */
export interface CallableTool extends Offered {
  readonly manifest: ToolManifest;
  call(args: Readonly<Record<string, unknown>>, context: ToolCallContext): Promise<ToolAnswer>;
}

/**
 * A tool that is more than a step: it waits for a person, sleeps, or starts runs. It is there only inside runs, and what
 * it does through `run` survives crashes as the run does.
 */
export interface RunTool extends Offered {
  readonly manifest: ToolManifest;
  /** @param key unique within the run, to be a prefix of the keys it uses */
  callInRun(args: Readonly<Record<string, unknown>>, run: RunContext, key: string): Promise<ToolAnswer>;
}

export type AnyTool = CallableTool | RunTool;

export function isRunTool(tool: AnyTool): tool is RunTool {
  return 'callInRun' in tool;
}

/** A call that failed in a way that its caller, a model above all, can do something about. */
export class ToolFailure extends Error {
  constructor(
    /** Stable, e.g. `ADDRESS_NOT_ALLOWED`. */
    readonly code: string,
    message: string,
    readonly options: ErrorOptions & { readonly details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Tools that come and go, such as those of MCP servers. Register one by `@ToolSource()`. */
export interface ToolSource {
  /** Its tools stand behind those of others that have the same name. */
  readonly isLast?: boolean;
  list(scope: ToolScope): Promise<readonly AnyTool[]>;
  /** By the full name. */
  find(name: string, scope: ToolScope): Promise<AnyTool | undefined>;
}
