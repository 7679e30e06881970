import type { FastifyRequest } from 'fastify';
import { ACCESS_COOKIE } from './auth-cookies.js';

/** An access token, and where it came from: only a cookie is sent without the page's doing. */
export interface Credential {
  readonly token: string;
  readonly source: 'bearer' | 'query' | 'cookie';
}

const BEARER = /^Bearer +(\S+) *$/i;

/** The first of header, query (where the route allows it) and cookie; a faulty header does not fall back to the cookie. */
export function findCredential(request: FastifyRequest, acceptsQuery: boolean): Credential | undefined {
  const header = request.headers.authorization;
  if (header !== undefined) return { token: BEARER.exec(header)?.[1] ?? '', source: 'bearer' };
  const query = acceptsQuery ? (request.query as Record<string, unknown>)['token'] : undefined;
  if (typeof query === 'string') return { token: query, source: 'query' };
  const cookie = request.cookies[ACCESS_COOKIE];
  return cookie === undefined ? undefined : { token: cookie, source: 'cookie' };
}
