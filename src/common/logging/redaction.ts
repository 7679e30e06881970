const SECRET_KEYS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'password_hash',
  'passwordhash',
  'token',
  'access_token',
  'accesstoken',
  'refresh_token',
  'refreshtoken',
  'setup_token',
  'secret',
  'client_secret',
  'jwtsecret',
  'encryptionkey',
  'api_key',
  'apikey',
]);
const CENSOR = '[redacted]';
const MAX_DEPTH = 6;

/** A copy of what is logged in which no field named like a secret has its value. Cheap for flat objects. */
export function redact(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, redactField(key, value, depth)]));
}

function redactField(key: string, value: unknown, depth: number): unknown {
  if (SECRET_KEYS.has(key.toLowerCase())) return CENSOR;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => redactField('', item, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  // What lies deeper than anybody logs on purpose is left out, not searched.
  return depth >= MAX_DEPTH ? '[deep]' : redact(value as Record<string, unknown>, depth + 1);
}

const SECRET_QUERY = /([?&](?:token|access_token|refresh_token|api_key|key|secret|password)=)[^&#]*/gi;

/** An address as it may be logged: credentials in the query are cut out. */
export function loggableUrl(url: string): string {
  return url.includes('=') ? url.replace(SECRET_QUERY, `$1${CENSOR}`) : url;
}
