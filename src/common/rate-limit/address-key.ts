const MAPPED = '::ffff:';
const NETWORK_GROUPS = 4;

/** What counts as one address: of version 6 a whole /64 network, since a host may have as many of them as it likes. */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address;
  if (address.startsWith(MAPPED) && address.includes('.')) return address.slice(MAPPED.length);
  const [head = ''] = address.split('::', 1);
  const groups = head.split(':').slice(0, NETWORK_GROUPS);
  while (groups.at(-1) === '0' || groups.at(-1) === '') groups.pop();
  return `${groups.join(':')}::/64`;
}
