import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressRules } from './address-rules.js';

/** All addresses of a host name. */
export type Resolve = (hostname: string, done: (error: Error | null, found: readonly LookupAddress[]) => void) => void;

export class AddressNotAllowedError extends Error {
  readonly code = 'ADDRESS_NOT_ALLOWED';

  constructor(host: string) {
    super(`The address of ${host} is not a public one`);
    this.name = new.target.name;
  }
}

export const resolveBySystem: Resolve = (hostname, done) => systemLookup(hostname, { all: true }, done);

/**
 * Opens connections to allowed addresses only. Every connection goes through here, those of redirects too, and goes to
 * an address that was checked: between check and use there is no second look into the DNS.
 */
export function guardedConnector(rules: AddressRules, resolve: Resolve, timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, lookup: guardedLookup(rules, resolve) });
  return (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // An address is not looked up, so it would pass by the look-up.
    if (isIP(host) !== 0 && !rules.isAllowed(host)) done(new AddressNotAllowedError(host), null);
    else connect(options, done);
  };
}

/** One forbidden address among many is enough to refuse the name. */
function guardedLookup(rules: AddressRules, resolve: Resolve): LookupFunction {
  return (hostname, { all }, done) =>
    resolve(hostname, (error, found) => {
      const [first] = found ?? [];
      if (error || !first) return done(error ?? new Error(`${hostname} has no address`), '');
      if (!found.every(({ address }) => rules.isAllowed(address))) {
        return done(new AddressNotAllowedError(hostname), '');
      }
      if (all === true) done(null, [...found]);
      else done(null, first.address, first.family);
    });
}
