import { z } from 'zod';

const MAX_FALLBACKS = 5;

/** What any node may say about how it is run, beside the fields of its type. Empty strings count as absent. */
const schema = z.object({
  provider_id: text(100),
  model: text(200),
  temperature: number(0, 2),
  max_output_tokens: number(1, 100_000).pipe(z.int('must be a whole number').optional()),
  timeout_ms: number(1, 3_600_000),
  retry: z
    .object(
      { attempts: number(1, 20).pipe(z.int('must be a whole number').optional()), backoff_ms: number(0, 600_000) },
      'must be an object',
    )
    .nullish(),
  fallbacks: z
    .array(z.object({ provider_id: required(100), model: text(200) }, 'must be an object'), 'must be an array')
    .max(MAX_FALLBACKS, `must have at most ${MAX_FALLBACKS} elements`)
    .nullish(),
});

export interface NodeSettings {
  readonly providerId?: string | undefined;
  readonly model?: string | undefined;
  readonly temperature?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly timeoutMs?: number | undefined;
  /** Asked in order when the chosen provider fails. */
  readonly fallbacks?: ReadonlyArray<{ readonly providerId: string; readonly model?: string | undefined }> | undefined;
  readonly retry?: { readonly attempts?: number | undefined; readonly backoffMs?: number | undefined } | undefined;
}

export interface SettingFault {
  readonly path: ReadonlyArray<string>;
  readonly message: string;
}

export function findSettingFaults(data: Readonly<Record<string, unknown>>): SettingFault[] {
  const parsed = schema.safeParse(data);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => ({ path: path.map(String), message }));
}

/** Only for data without faults. */
export function readNodeSettings(data: Readonly<Record<string, unknown>>): NodeSettings {
  const settings = schema.parse(data);
  return {
    providerId: settings.provider_id,
    model: settings.model,
    temperature: settings.temperature,
    maxOutputTokens: settings.max_output_tokens,
    timeoutMs: settings.timeout_ms,
    fallbacks: settings.fallbacks?.map((fallback) => ({ providerId: fallback.provider_id, model: fallback.model })),
    retry: settings.retry ? { attempts: settings.retry.attempts, backoffMs: settings.retry.backoff_ms } : undefined,
  };
}

function text(maxLength: number) {
  const absentOrText = z
    .string('must be a string')
    .max(maxLength, `must have at most ${maxLength} characters`)
    .nullish();
  return absentOrText.transform((value) => (value ? value : undefined));
}

function required(maxLength: number) {
  return z
    .string('must be a string')
    .min(1, 'must not be empty')
    .max(maxLength, `must have at most ${maxLength} characters`);
}

function number(least: number, most: number) {
  const message = `must be a number from ${least} to ${most}`;
  const absentOrNumber = z.number(message).min(least, message).max(most, message).nullish();
  return absentOrNumber.transform((value) => value ?? undefined);
}
