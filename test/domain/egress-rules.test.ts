import { describe, expect, it } from 'vitest';

import { isAllowedAddress } from '../../lib/domain/address-policy.ts';
import { type EgressRules, loosenings, readEgressRules } from '../../lib/domain/egress-rules.ts';
import { STRICT_POLICY, checkUrl } from '../../lib/domain/url-policy.ts';

const policyOf = (rules: EgressRules) => ({ ...STRICT_POLICY, ...readEgressRules(rules) });
const isAllowed = (url: string, rules: EgressRules) => checkUrl(url, policyOf(rules)).ok;

describe('an operator’s list', () => {
  it('refuses networks, also where NAT64 leads to them, and whatever allows them', () => {
    const policy = policyOf({ refusedCidrs: ['8.8.8.0/24', '2a05:d014::/32'], allowedCidrs: ['8.8.8.0/24'] });
    const refused = ['8.8.8.8', '64:ff9b::8.8.8.8', '2a05:d014::1'];
    expect(refused.filter((ip) => isAllowedAddress(ip, policy))).toEqual([]);
    const allowed = ['8.8.9.8', '64:ff9b::8.8.9.8', '2a05:d015::1'];
    expect(allowed.filter((ip) => !isAllowedAddress(ip, policy))).toEqual([]);
  });

  it('refuses loopback too, where local mode allows it', () => {
    const policy = { allowLoopback: true, ...readEgressRules({ refusedCidrs: ['127.0.0.0/8'] }) };
    expect(isAllowedAddress('127.0.0.1', policy)).toBe(false);
    expect(isAllowedAddress('::1', policy)).toBe(true);
  });

  it('allows private networks, and no address beside them or wrapped around them', () => {
    const policy = policyOf({ allowedCidrs: ['10.1.0.0/16', 'fd12:3456::/32'] });
    expect(['10.1.2.3', 'fd12:3456::1'].every((ip) => isAllowedAddress(ip, policy))).toBe(true);
    const beside = [
      '10.2.0.1',
      '192.168.0.1',
      'fd12:3457::1',
      '::ffff:10.1.2.3',
      '64:ff9b::10.1.2.3',
      '2002:a01:203::1',
    ];
    expect(beside.filter((ip) => isAllowedAddress(ip, policy))).toEqual([]);
  });

  it.each([
    '0.0.0.0/0',
    '127.0.0.1/32',
    '169.254.169.254/32',
    '168.63.129.16/32',
    '168.0.0.0/6',
    '224.0.0.0/4',
    '::/0',
    '::1/128',
    '::ffff:0:0/96',
    'fd00:ec2::254/128',
    'fe80::/10',
    'fc00::/7',
  ])('opens neither this machine nor metadata, not even by a larger network: %s', (cidr) => {
    expect(() => readEgressRules({ allowedCidrs: [cidr] })).toThrow(
      /can't be allowed: it overlaps .*, which never is\.$/,
    );
  });

  it('allows the ports that it names, and no others', () => {
    const rules = { allowedPorts: ['443', '8000-8999'] };
    const ports = ['', ':443', ':8000', ':8999', ':80', ':7999', ':9000', ':22'];
    const allowed = ports.filter((port) => isAllowed(`https://example.com${port}/`, rules));
    expect(allowed).toEqual(['', ':443', ':8000', ':8999']);
  });

  it('without one, only 80, 443 and those from 1024 on are allowed', () => {
    const ports = [1, 22, 25, 53, 79, 80, 81, 442, 443, 444, 1023, 1024, 8443, 65_535, 0];
    const allowed = ports.filter((port) => isAllowed(`https://example.com:${port}/`, {}));
    expect(allowed).toEqual([80, 443, 1024, 8443, 65_535]);
  });

  it('refuses a name with those below it, and no other name that ends alike', () => {
    const rules = { refusedHosts: ['example.com'] };
    expect(isAllowed('https://example.com/', rules) || isAllowed('https://a.b.EXAMPLE.com/', rules)).toBe(false);
    expect(isAllowed('https://notexample.com/', rules) && isAllowed('https://example.com.org/', rules)).toBe(true);
  });

  it('allows only names that it has, private ones too, and no addresses', () => {
    const rules = { allowedHosts: ['example.com', 'corp.internal', 'bücher.example'] };
    const urls = ['hooks.example.com', 'svc.corp.internal', 'bücher.example', 'xn--bcher-kva.example'];
    expect(urls.filter((host) => !isAllowed(`https://${host}/`, rules))).toEqual([]);
    const others = ['example.org', 'other.internal', 'localhost', '8.8.8.8', '[2606:4700::1]'];
    expect(others.filter((host) => isAllowed(`https://${host}/`, rules))).toEqual([]);
    expect(isAllowed('https://8.8.8.8/', { ...rules, allowedCidrs: ['8.8.8.0/24'] })).toBe(true);
  });

  it.each<[EgressRules, string]>([
    [{ refusedCidrs: ['10.0.0.0'] }, '"10.0.0.0" is not a network'],
    [{ refusedCidrs: ['10.0.0.1/8'] }, '"10.0.0.1/8" is not a network'],
    [{ refusedCidrs: ['10.0.0.0/33'] }, '"10.0.0.0/33" is not a network'],
    [{ refusedCidrs: ['10.0.0.0/8/8'] }, '"10.0.0.0/8/8" is not a network'],
    [{ refusedCidrs: ['2001:db8::1/32'] }, '"2001:db8::1/32" is not a network'],
    [{ refusedCidrs: ['10/8'] }, '"10/8" is not a network'],
    [{ refusedCidrs: [''] }, '"" is not a network'],
    [{ allowedPorts: ['0'] }, '"0" is not a port'],
    [{ allowedPorts: ['65536'] }, '"65536" is not a port'],
    [{ allowedPorts: ['90-80'] }, '"90-80" is not a port'],
    [{ allowedPorts: ['https'] }, '"https" is not a port'],
    [{ allowedPorts: [] }, '`allowedPorts` is empty'],
    [{ refusedHosts: ['https://example.com'] }, 'is not a host name'],
    [{ refusedHosts: ['*.example.com'] }, 'is not a host name'],
    [{ refusedHosts: ['.example.com'] }, 'is not a host name'],
    [{ refusedHosts: ['example.com.'] }, 'is not a host name'],
    [{ refusedHosts: ['10.0.0.1'] }, 'is not a host name'],
    [{ refusedHosts: ['example.com:80'] }, 'is not a host name'],
    [{ allowedHosts: [] }, '`allowedHosts` is empty'],
  ])('that cannot be read is refused with what to write: %j', (rules, words) => {
    expect(() => readEgressRules(rules)).toThrow(RangeError);
    expect(() => readEgressRules(rules)).toThrow(words);
  });

  it('says what it loosens, and nothing where it only tightens', () => {
    const tight = { refusedCidrs: ['8.8.8.0/24'], allowedPorts: ['443', '8000-8999'], refusedHosts: ['a.example'] };
    expect(loosenings({ ...tight, allowedHosts: ['example.com'] })).toEqual([]);
    const loose = { allowedCidrs: ['10.1.0.0/16'], allowedPorts: ['1-65535'], allowedHosts: ['corp.internal'] };
    expect(loosenings(loose)).toEqual([
      expect.stringContaining('10.1.0.0/16'),
      expect.stringContaining('port 1-65535'),
      expect.stringContaining('corp.internal'),
    ]);
  });
});
