export type ComponentCategory = 'input' | 'processing' | 'output' | 'data_source' | 'utility';
export type ProviderType = 'text' | 'image' | 'vision' | 'none';
export type FieldKind = 'text' | 'textarea' | 'select' | 'number' | 'image' | 'tags';
export type PortKind = 'text' | 'adapter';
export type ExecutorKind = 'api_call' | 'data_source' | 'pass_through' | 'composite';
export type OutputKind = 'text' | 'image' | 'persona_name' | 'persona_description';

export interface FieldOption {
  readonly value: string;
  readonly label: string;
}

/** A value that a person sets on a node. */
export interface ComponentField {
  readonly key: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly options?: readonly FieldOption[];
  readonly placeholder?: string;
  /** Of a number. */
  readonly least?: number;
  readonly most?: number;
  /** Of a text: what is wrong with it beyond its kind. */
  readonly check?: (value: string) => string | undefined;
}

/** Where edges begin and end: `key` is the handle of an edge. */
export interface ComponentPort {
  readonly key: string;
  readonly label: string;
  readonly direction: 'in' | 'out';
  readonly kind: PortKind;
  /** A dynamic port grows a new handle (`<key>-1`, `<key>-2`, …) with each edge, up to this many. */
  readonly maxConnections?: number;
}

/** How the outside is called, and what goes where. */
export interface ComponentApiConfig {
  readonly executor: ExecutorKind;
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  /** Which field or port fills which part of the call. */
  readonly inputMapping: Readonly<Record<string, string>>;
}

export interface ComponentOutput {
  readonly key: OutputKind;
  readonly kind: OutputKind;
  readonly description: string;
}

/** One type of node: what it is called, what it takes and gives. Its code is a class with `@NodeExecutor(type)`. */
export interface ComponentDefinition {
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly category: ComponentCategory;
  readonly icon: string;
  readonly color: string;
  readonly providerType: ProviderType;
  readonly usesLlm: boolean;
  readonly defaultProvider?: string;
  readonly defaultModel?: string;
  /** Raised with each change that makes it answer otherwise. */
  readonly version: number;
  readonly fields: readonly ComponentField[];
  readonly ports: readonly ComponentPort[];
  readonly api: ComponentApiConfig;
  readonly outputs: readonly ComponentOutput[];
  /** Its output names the way out that is taken: an edge that leaves by another is closed. */
  readonly branches?: true;
}
