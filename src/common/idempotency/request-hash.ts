import type { FastifyRequest } from 'fastify';

/** What makes two requests the same one: method, path and body. The order of a body's fields does not count. */
export function describeRequest({ method, url, body }: Pick<FastifyRequest, 'method' | 'url' | 'body'>): string {
  return `${method} ${url}\n${JSON.stringify(body ?? null, sortFields)}`;
}

function sortFields(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
