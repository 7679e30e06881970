import { describe, expect, it } from 'vitest';
import { AddressRules, isAddressOrNetwork } from './address-rules.js';

describe(AddressRules.name, () => {
  const rules = new AddressRules([]);

  it.each(['8.8.8.8', '93.184.216.34', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('allows %s', (address) => {
    expect(rules.isAllowed(address)).toBe(true);
  });

  it.each([
    ['this host', '0.0.0.0 0.1.2.3 :: ::0.0.0.0'],
    ['loopback', '127.0.0.1 127.255.255.254 ::1'],
    ['private', '10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 fc00::1 fdff::1 fec0::1'],
    ['link-local', '169.254.1.1 fe80::1 febf::1'],
    ['metadata', '169.254.169.254 fd00:ec2::254 100.100.100.200 168.63.129.16 192.0.0.192'],
    ['shared, multicast, broadcast, kept back', '100.64.0.1 224.0.0.1 255.255.255.255 240.0.0.1 ff02::1 198.18.0.1'],
    ['examples', '192.0.2.1 198.51.100.1 203.0.113.1 2001:db8::1 3fff::1'],
    ['IPv4 written as IPv6', '::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 ::7f00:1 ::ffff:169.254.169.254'],
    ['IPv4 behind IPv6', '64:ff9b::7f00:1 64:ff9b:1::a00:1 2002:7f00:1::1 2001::1 2001:0:7f00:1::1'],
    ['outside of what is given out', '4000::1 5f00::1 8000::1 100::1'],
    ['no address at all', 'localhost example.com'],
  ])('refuses %s', (_, addresses) => {
    const allowed = addresses.split(' ').filter((address) => rules.isAllowed(address));
    expect(allowed).toEqual([]);
  });

  it('allows what the configuration allows, alone or as a network, and nothing beside it', () => {
    const own = new AddressRules(['127.0.0.1', '10.1.0.0/16', 'fd00::/8']);
    const asked = ['127.0.0.1', '::ffff:127.0.0.1', '10.1.255.1', 'fd12::1', '127.0.0.2', '10.2.0.1', 'fe80::1'];
    expect(asked.map((address) => own.isAllowed(address))).toEqual([true, true, true, true, false, false, false]);
  });

  it('knows what may stand in the configuration', () => {
    const given = ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', 'localhost', '10.0.0.0/33', ''];
    expect(given.map(isAddressOrNetwork)).toEqual([true, true, true, true, false, false, false]);
  });
});
