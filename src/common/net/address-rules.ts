import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/** Public by its number, and yet the metadata service of a cloud (Azure). */
const METADATA = ['168.63.129.16'];
/** All of IPv6 that is given out to the world; what is outside means something else, such as an IPv4 address. */
const GLOBAL_IPV6: Network = [ipaddr.parse('2000::'), 3];

export function isAddressOrNetwork(text: string): boolean {
  return ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
}

/**
 * Decides which addresses may be called: those of the public internet, and those allowed by configuration. IPv4 written
 * as IPv6 counts as IPv4; every other way to hide one (NAT64, 6to4, Teredo, IPv4-compatible) is no public address.
 */
export class AddressRules {
  private readonly allowed: readonly Network[];

  /** @param allowed addresses or networks in CIDR notation */
  constructor(allowed: readonly string[]) {
    this.allowed = allowed.map(toNetwork);
  }

  /** @param text an IP address, without brackets or zone */
  isAllowed(text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return isPublic(address) || this.allowed.some((network) => isIn(address, network));
  }
}

function isPublic(address: Address): boolean {
  if (METADATA.includes(address.toString()) || address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || isIn(address, GLOBAL_IPV6);
}

function isIn(address: Address, [start, bits]: Network): boolean {
  return address.kind() === start.kind() && address.match(start, bits);
}

function toNetwork(text: string): Network {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
