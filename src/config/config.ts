import type { RetentionRule } from './memory-retention.js';
import type { TextLanguage } from '../common/text-search/languages.js';
import type { OwnPrices } from './price-file.js';
import type { ProviderName } from './provider-names.js';

export type Role = 'api' | 'worker' | 'scheduler';
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** The slices of the configuration. Each class is its own injection token; see `.env.example` for the meanings. */
export class ServerConfig {
  readonly port: number;
  readonly host: string;
  readonly corsOrigins: readonly string[];
  readonly roles: ReadonlySet<Role>;
  readonly drainSeconds: number;
  readonly logLevel: LogLevel;
  readonly production: boolean;
  readonly metricsToken?: string | undefined;
  readonly mcpStdioEnabled: boolean;
  /** Whose word on the address of a client is taken: addresses, or networks as 10.0.0.0/8. */
  readonly trustedProxies: readonly string[];
  /** Within which a request must have arrived. */
  readonly requestTimeoutSeconds: number;
  readonly requestsPerUserPerMinute: number;
  /** At once, after a pause. */
  readonly requestBurstPerUser: number;
  /** Of whoever is not signed in. */
  readonly requestsPerAddressPerMinute: number;
}

export class DatabaseConfig {
  /** Of the external or of the embedded database. */
  readonly url: string;
  readonly poolSize: number;
}

export class AuthConfig {
  readonly jwtSecret: string;
  /** 32 bytes. */
  readonly encryptionKey: Buffer;
  readonly backofficeSetupToken: string;
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly registrationOpen: boolean;
  /** Per identifier. */
  readonly signInFailuresPer15Minutes: number;
  readonly signInsPerAddressPerMinute: number;
  readonly registrationsPerAddressPerHour: number;
  /** How long entries of the audit trail are kept. */
  readonly auditRetentionDays: number;
}

export interface ProviderCredentials {
  readonly apiKey?: string | undefined;
  readonly baseUrl?: string | undefined;
  /** Calls in flight at once in this process. */
  readonly maxConcurrentCalls?: number | undefined;
}

/** By what vectors are made of texts. */
export interface EmbeddingChoice {
  /** An id or an alias. */
  readonly providerId: string;
  readonly model: string;
}

export class ProvidersConfig {
  readonly defaultProvider?: string | undefined;
  readonly defaultModel?: string | undefined;
  /** Absent: what is remembered is found by its words alone. */
  readonly embedding?: EmbeddingChoice | undefined;
  readonly credentials: Readonly<Record<ProviderName, ProviderCredentials>>;
}

export class EngineConfig {
  readonly leaseSeconds: number;
  /** Steps that one process works on at the same time. */
  readonly stepSlots: number;
  /** Runs that one process holds at the same time. */
  readonly maxRuns: number;
  readonly pollMs: number;
}

export class SchedulerConfig {
  /** How long it is kept what became of a due instant. */
  readonly fireRetentionDays: number;
}

export class MemoryConfig {
  /** By whose rules words are stemmed. */
  readonly language: TextLanguage;
  readonly retention: readonly RetentionRule[];
  /** Whether items with personal data are shown to models: `own` only in what nobody else can read. */
  readonly piiToModels: 'own' | 'never' | 'always';
}

export class NetworkConfig {
  /** Addresses (or networks in CIDR notation) inside our own network that nodes and tools may call all the same. */
  readonly allowedAddresses: readonly string[];
}

export class AgentsConfig {
  /** Tokens of a prompt, in place of what is known of the model. */
  readonly contextTokens?: number | undefined;
}

export class GroupsConfig {
  /** How long an agent may take over its part of a round. */
  readonly actorSeconds: number;
  /** Of what was said before a turn, in a prompt. */
  readonly historyTokens: number;
}

/** What the files of one project may take. */
export class WorkspaceConfig {
  readonly maxFiles: number;
  /** Of all versions, each content once. */
  readonly maxBytes: number;
}

/** What the documents of one user, or of one project, may take. */
export class KnowledgeConfig {
  readonly maxDocuments: number;
  /** Of the documents as they were sent. */
  readonly maxBytes: number;
  readonly maxChunksPerDocument: number;
}

export class UsageConfig {
  /** By provider and model; they go before those that come with the product. */
  readonly prices: OwnPrices;
}

export interface AppConfig {
  readonly server: ServerConfig;
  readonly database: DatabaseConfig;
  readonly auth: AuthConfig;
  readonly providers: ProvidersConfig;
  readonly engine: EngineConfig;
  readonly scheduler: SchedulerConfig;
  readonly memory: MemoryConfig;
  readonly network: NetworkConfig;
  readonly agents: AgentsConfig;
  readonly groups: GroupsConfig;
  readonly workspace: WorkspaceConfig;
  readonly knowledge: KnowledgeConfig;
  readonly usage: UsageConfig;
}
