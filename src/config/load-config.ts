import { z } from 'zod';
import { ConfigError } from './config.errors.js';
import type { AppConfig, ProvidersConfig, ServerConfig } from './config.js';
import { environmentSchema, type Environment } from './environment.schema.js';
import { productionKeyFaults, resolveKeys } from './keys.js';
import { readPriceFile } from './price-file.js';
import { PROVIDER_NAMES } from './provider-names.js';

export type RawEnvironment = Readonly<Record<string, string | undefined>>;

const BYTES_PER_MB = 1024 * 1024;

/** The configuration before it is known where the database is. */
export interface LoadedConfig extends Omit<AppConfig, 'database'> {
  /** Without `url` the embedded database is meant. */
  readonly database: { readonly url: string | undefined; readonly poolSize: number };
  readonly dataDir: string;
  /** Made by this very start, to be shown once. */
  readonly newSetupToken: string | undefined;
}

/**
 * Reads the whole configuration. Outside production, keys that are not given are made and kept in `DATA_DIR`.
 *
 * @throws {ConfigError} lists every fault at once
 */
export function loadConfig(raw: RawEnvironment): LoadedConfig {
  const env = parseEnvironment(raw);
  const { newSetupToken, ...keys } = resolveKeys(env);
  return {
    server: serverConfig(env),
    database: { url: env.DATABASE_URL, poolSize: env.DATABASE_POOL_SIZE },
    auth: { ...keys, ...signInLimits(env) },
    providers: providersConfig(env),
    engine: { leaseSeconds: env.LEASE_SECONDS, stepSlots: env.STEP_SLOTS, maxRuns: env.MAX_RUNS, pollMs: env.POLL_MS },
    memory: {
      language: env.MEMORY_LANGUAGE,
      retention: env.MEMORY_RETENTION,
      piiToModels: env.MEMORY_PII_TO_MODELS,
    },
    scheduler: { fireRetentionDays: env.TASK_FIRE_RETENTION_DAYS },
    network: { allowedAddresses: env.ALLOWED_PRIVATE_ADDRESSES },
    agents: { contextTokens: env.AGENT_CONTEXT_TOKENS },
    groups: { actorSeconds: env.GROUP_ACTOR_SECONDS, historyTokens: env.GROUP_HISTORY_TOKENS },
    workspace: { maxFiles: env.WORKSPACE_MAX_FILES, maxBytes: env.WORKSPACE_MAX_MB * BYTES_PER_MB },
    knowledge: {
      maxDocuments: env.KNOWLEDGE_MAX_DOCUMENTS,
      maxBytes: env.KNOWLEDGE_MAX_MB * BYTES_PER_MB,
      maxChunksPerDocument: env.KNOWLEDGE_MAX_CHUNKS,
    },
    usage: { prices: readPriceFile(env.PRICES_FILE) },
    dataDir: env.DATA_DIR,
    newSetupToken,
  };
}

function parseEnvironment(raw: RawEnvironment): Environment {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value?.trim()));
  const parsed = environmentSchema.safeParse(given);
  const faults = [
    ...(parsed.error?.issues ?? []).map((issue) => describeIssue(issue, given)),
    ...embeddingFaults(given),
    ...(given['NODE_ENV'] === 'production' ? productionKeyFaults(given) : []),
  ];
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  return parsed.data;
}

function embeddingFaults({ EMBEDDING_PROVIDER: provider, EMBEDDING_MODEL: model }: RawEnvironment): string[] {
  if ((provider === undefined) === (model === undefined)) return [];
  return ['EMBEDDING_PROVIDER and EMBEDDING_MODEL: give both of them, or none'];
}

/** The value is named unless it is a secret. */
function describeIssue(issue: z.core.$ZodIssue, raw: RawEnvironment): string {
  const name = String(issue.path[0]);
  const isSecret = /KEY|SECRET|TOKEN|DATABASE_URL/.test(name);
  return `${name}: ${issue.message}${isSecret ? '' : ` (it is ${JSON.stringify(raw[name])})`}`;
}

function serverConfig(env: Environment): ServerConfig {
  return {
    port: env.PORT,
    host: env.HOST,
    corsOrigins: env.CORS_ORIGINS.map((origin) => new URL(origin).origin),
    roles: new Set(env.ROLES),
    drainSeconds: env.DRAIN_SECONDS,
    logLevel: env.LOG_LEVEL,
    production: env.NODE_ENV === 'production',
    metricsToken: env.METRICS_TOKEN,
    mcpStdioEnabled: env.MCP_STDIO_ENABLED,
    trustedProxies: env.TRUSTED_PROXIES,
    requestTimeoutSeconds: env.REQUEST_TIMEOUT_SECONDS,
    requestsPerUserPerMinute: env.REQUESTS_PER_USER_PER_MINUTE,
    requestBurstPerUser: env.REQUEST_BURST_PER_USER,
    requestsPerAddressPerMinute: env.REQUESTS_PER_ADDRESS_PER_MINUTE,
  };
}

function signInLimits(env: Environment) {
  return {
    accessTokenSeconds: env.ACCESS_TOKEN_SECONDS,
    refreshTokenSeconds: env.REFRESH_TOKEN_SECONDS,
    registrationOpen: env.REGISTRATION_OPEN,
    signInFailuresPer15Minutes: env.SIGN_IN_FAILURES_PER_15_MINUTES,
    signInsPerAddressPerMinute: env.SIGN_INS_PER_ADDRESS_PER_MINUTE,
    registrationsPerAddressPerHour: env.REGISTRATIONS_PER_ADDRESS_PER_HOUR,
    auditRetentionDays: env.AUDIT_RETENTION_DAYS,
  };
}

function providersConfig(env: Environment): ProvidersConfig {
  const credentials = PROVIDER_NAMES.map((name) => {
    const prefix = name.toUpperCase() as Uppercase<typeof name>;
    const maxConcurrentCalls = env[`${prefix}_MAX_CONCURRENT_CALLS`];
    return [name, { apiKey: env[`${prefix}_API_KEY`], baseUrl: env[`${prefix}_BASE_URL`], maxConcurrentCalls }];
  });
  return {
    defaultProvider: env.DEFAULT_PROVIDER,
    defaultModel: env.DEFAULT_MODEL,
    embedding: embeddingOf(env),
    credentials: Object.fromEntries(credentials) as ProvidersConfig['credentials'], // fromEntries forgets the names
  };
}

function embeddingOf({ EMBEDDING_PROVIDER: providerId, EMBEDDING_MODEL: model }: Environment) {
  return providerId === undefined || model === undefined ? undefined : { providerId, model };
}
