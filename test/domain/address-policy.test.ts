import { describe, expect, it } from 'vitest';

import { isAllowedAddress, isLoopback, isPublicAddress } from '../../lib/domain/address-policy.ts';

describe('address policy', () => {
  it.each([
    ['8.8.8.8'],
    ['1.1.1.1'],
    ['100.63.255.255'],
    ['100.128.0.0'],
    ['172.15.255.255'],
    ['172.32.0.0'],
    ['192.167.255.255'],
    ['223.255.255.255'],
    ['2606:4700:4700::1111'],
    ['2a00:1450:4001:81b::200e'],
    ['64:ff9b::8.8.8.8'],
    ['64:ff9b::808:808'],
  ])('%s is public', (ip) => expect(isPublicAddress(ip)).toBe(true));

  it.each([
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['link-local: instance metadata', '169.254.169.254'],
    ['link-local: task metadata', '169.254.170.2'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['carrier-grade NAT', '100.127.255.255'],
    ['protocol assignments', '192.0.0.8'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['6to4 relays', '192.88.99.1'],
    ['benchmarks', '198.18.0.1'],
    ['benchmarks', '198.19.255.255'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['IPv4-mapped, private', '::ffff:10.0.0.1'],
    ['IPv4-mapped, public', '::ffff:8.8.8.8'],
    ['IPv4-mapped in hexadecimal', '::ffff:7f00:1'],
    ['IPv4-compatible', '::8.8.8.8'],
    ['IPv4-translated', '::ffff:0:8.8.8.8'],
    ['link-local', 'fe80::1'],
    ['site-local', 'fec0::1'],
    ['unique local', 'fc00::1'],
    ['unique local: instance metadata', 'fd00:ec2::254'],
    ['multicast', 'ff02::1'],
    ['discard', '100::1'],
    ['NAT64 around a private address', '64:ff9b::10.0.0.1'],
    ['NAT64 around instance metadata', '64:ff9b::a9fe:a9fe'],
    ['NAT64 with a local prefix', '64:ff9b:1::8.8.8.8'],
    ['6to4 around a private address', '2002:a00:1::1'],
    ['6to4 around a public address', '2002:808:808::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['benchmarks', '2001:2::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['segment routing', '5f00::1'],
    ['unassigned', '4000::1'],
  ])('%s is not public: %s', (_what, ip) => expect(isPublicAddress(ip)).toBe(false));

  it.each([
    [''],
    ['example.com'],
    ['127.1'],
    ['0x8080808'],
    ['8.8.8'],
    ['010.8.8.8'],
    ['2606:4700::1%eth0'],
    ['[::1]'],
  ])('what is not an address in its usual form is not public: "%s"', (ip) => expect(isPublicAddress(ip)).toBe(false));

  it('knows loopback, and only when nothing is wrapped around it', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1'].map(isLoopback)).toEqual([true, true, true]);
    expect(['10.0.0.1', '::ffff:127.0.0.1', '0.0.0.0', 'localhost', '::'].map(isLoopback)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('allows loopback in local mode, and no other address that is not public', () => {
    const local = { allowLoopback: true };
    expect(isAllowedAddress('127.0.0.1', local)).toBe(true);
    expect(isAllowedAddress('::1', local)).toBe(true);
    expect(isAllowedAddress('8.8.8.8', local)).toBe(true);
    expect(isAllowedAddress('10.0.0.1', local)).toBe(false);
    expect(isAllowedAddress('169.254.169.254', local)).toBe(false);
    expect(isAllowedAddress('127.0.0.1', { allowLoopback: false })).toBe(false);
  });
});
