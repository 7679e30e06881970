export const API_PREFIX = 'api/v1';

const VERSIONED = /^\/api\/v\d+(\/|\?|$)/;

/** Every route also answers under `/api`: there the current version is meant. */
export function toVersionedUrl(url: string): string {
  return url.startsWith('/api/') && !VERSIONED.test(url) ? `/${API_PREFIX}${url.slice('/api'.length)}` : url;
}
