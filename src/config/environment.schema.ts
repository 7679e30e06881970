import { resolve } from 'node:path';
import { z } from 'zod';
import { TEXT_LANGUAGES } from '../common/text-search/languages.js';
import { isAddressOrNetwork } from '../common/net/address-rules.js';
import { readRetention, STANDARD_RETENTION } from './memory-retention.js';
import { PROVIDER_NAMES, type ProviderName } from './provider-names.js';

const ROLES = ['api', 'worker', 'scheduler'] as const;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** An empty value means "not set": env files and compose files write `NAME=` for that. */
const text = (): z.ZodOptional<z.ZodString> => z.string().trim().min(1).optional();

const integer = (least: number, most: number, standard: number) =>
  z.coerce.number('must be a number').int('must be a whole number').min(least).max(most).default(standard);

const flag = (standard: boolean) =>
  z
    .enum(['true', 'false', '1', '0'], 'must be true or false')
    .default(standard ? 'true' : 'false')
    .transform((value) => value === 'true' || value === '1');

const list = (value: string): string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

const httpUrl = () => z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

const retention = z
  .string()
  .trim()
  .default('')
  .transform((value, context) => {
    const rules = readRetention(value === '' ? STANDARD_RETENTION : value);
    if (rules) return rules;
    context.addIssue('must be off, or rules such as fragment:365,expired:30,tag=draft:7');
    return z.NEVER;
  });

const addresses = z
  .string()
  .default('')
  .transform(list)
  .pipe(z.array(z.string().refine(isAddressOrNetwork, 'must be a list of addresses or networks (CIDR)')));

const roles = z
  .string()
  .default(ROLES.join(','))
  .transform(list)
  .pipe(z.array(z.enum(ROLES, `must be a list of ${ROLES.join(', ')}`)).min(1));

/** 32 bytes, as 64 hexadecimal digits or as base64. */
const encryptionKey = z
  .string()
  .regex(/^([\da-f]{64}|[\w+/-]{43}=?)$/i, 'must be 32 bytes, as 64 hexadecimal digits or as base64')
  .transform((key) => Buffer.from(key, key.length === 64 ? 'hex' : 'base64'))
  .optional();

const core = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: integer(0, 65_535, 8000),
  HOST: z.string().default('127.0.0.1'),
  ROLES: roles,
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  CORS_ORIGINS: z.string().default('').transform(list).pipe(z.array(httpUrl())),
  DRAIN_SECONDS: integer(0, 3_600, 20),
  METRICS_TOKEN: text(),
  MCP_STDIO_ENABLED: flag(false),
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform(list)
    .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'must be a list of addresses or networks'))),
  REQUEST_TIMEOUT_SECONDS: integer(1, 3_600, 60),
  REQUESTS_PER_USER_PER_MINUTE: integer(1, 1_000_000_000, 1_200),
  REQUEST_BURST_PER_USER: integer(1, 1_000_000_000, 300),
  REQUESTS_PER_ADDRESS_PER_MINUTE: integer(1, 1_000_000_000, 300),
  DATA_DIR: z
    .string()
    .default('.data')
    .transform((folder) => resolve(folder)),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// or postgresql:// URL' }).optional(),
  DATABASE_POOL_SIZE: integer(1, 500, 10),
};

const keysAndLimits = {
  JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  ENCRYPTION_KEY: encryptionKey,
  BACKOFFICE_SETUP_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  REGISTRATION_OPEN: flag(true),
  ACCESS_TOKEN_SECONDS: integer(10, 86_400, 1_800),
  REFRESH_TOKEN_SECONDS: integer(60, 31_536_000, 604_800),
  SIGN_IN_FAILURES_PER_15_MINUTES: integer(1, 1_000_000, 10),
  SIGN_INS_PER_ADDRESS_PER_MINUTE: integer(1, 1_000_000, 60),
  REGISTRATIONS_PER_ADDRESS_PER_HOUR: integer(1, 1_000_000, 60),
  AUDIT_RETENTION_DAYS: integer(1, 36_500, 365),
};

const engine = {
  LEASE_SECONDS: integer(2, 600, 15),
  STEP_SLOTS: integer(1, 10_000, 256),
  MAX_RUNS: integer(1, 100_000, 256),
  POLL_MS: integer(50, 60_000, 500),
  TASK_FIRE_RETENTION_DAYS: integer(1, 3_650, 90),
};

const memory = {
  MEMORY_LANGUAGE: z.enum(TEXT_LANGUAGES).default('english'),
  MEMORY_RETENTION: retention,
  MEMORY_PII_TO_MODELS: z.enum(['own', 'never', 'always']).default('own'),
};

const network = { ALLOWED_PRIVATE_ADDRESSES: addresses };

const agents = {
  GROUP_ACTOR_SECONDS: integer(1, 86_400, 600),
  GROUP_HISTORY_TOKENS: integer(500, 1_000_000, 8_000),
  AGENT_CONTEXT_TOKENS: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1_000)
    .max(10_000_000)
    .optional(),
};
const workspace = { WORKSPACE_MAX_FILES: integer(1, 100_000, 10_000), WORKSPACE_MAX_MB: integer(1, 1_000_000, 2_048) };
const knowledge = {
  KNOWLEDGE_MAX_DOCUMENTS: integer(1, 1_000_000, 10_000),
  KNOWLEDGE_MAX_MB: integer(1, 1_000_000, 2_048),
  KNOWLEDGE_MAX_CHUNKS: integer(1, 100_000, 20_000),
};

const defaults = {
  DEFAULT_PROVIDER: text(),
  DEFAULT_MODEL: text(),
  EMBEDDING_PROVIDER: text(),
  EMBEDDING_MODEL: text(),
  PRICES_FILE: text(),
};

type ProviderVariables = {
  [K in `${Uppercase<ProviderName>}_API_KEY`]: z.ZodOptional<z.ZodString>;
} & { [K in `${Uppercase<ProviderName>}_BASE_URL`]: z.ZodOptional<ReturnType<typeof httpUrl>> } & {
  [K in `${Uppercase<ProviderName>}_MAX_CONCURRENT_CALLS`]: ReturnType<typeof integer>;
};

const providers = Object.fromEntries(
  PROVIDER_NAMES.flatMap((name) => [
    [`${name.toUpperCase()}_API_KEY`, text()],
    [`${name.toUpperCase()}_BASE_URL`, httpUrl().optional()],
    [`${name.toUpperCase()}_MAX_CONCURRENT_CALLS`, integer(1, 10_000, 64)],
  ]),
) as ProviderVariables; // fromEntries forgets the names

/** Every variable of the environment that the server reads, with its default. */
export const environmentSchema = z.object({
  ...core,
  ...keysAndLimits,
  ...engine,
  ...memory,
  ...network,
  ...agents,
  ...workspace,
  ...knowledge,
  ...defaults,
  ...providers,
});

export type Environment = z.output<typeof environmentSchema>;
