import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createCheckedLookup } from '../../lib/adapters/http/checked-lookup.ts';
import { createHttpSender } from '../../lib/adapters/http/http-sender.ts';
import { isPublicAddress } from '../../lib/domain/address-policy.ts';
import { STRICT_POLICY, checkUrl } from '../../lib/domain/url-policy.ts';
import { openSender, requestTo } from '../contract/http-sender.contract.ts';
import { PRIVATE_ADDRESSES, PUBLIC_ADDRESSES, isPublicBy, spellings } from './networks.ts';

const inUrl = (address: string) => (address.includes(':') ? `[${address}]` : address);
const familyOf = (address: string) => (address.includes(':') ? 6 : 4);
const isRegistered = (host: string) => checkUrl(`https://${host}/hooks`, STRICT_POLICY).ok;

/** What a socket would connect to when a name has these addresses; the reason when to nothing. */
function lookedUp(...addresses: string[]): Promise<unknown> {
  const found = addresses.map((address) => ({ address, family: familyOf(address) as 4 | 6 }));
  const lookup = createCheckedLookup(async () => found, STRICT_POLICY);
  return new Promise((resolve) => {
    lookup('hooks.example', { all: true }, (failure, given) => {
      resolve(failure ? 'refused' : (given as { address: string }[]).map(({ address }) => address));
    });
  });
}

test('the corpus is large, and its judge agrees with it', () => {
  const spelled = [...PUBLIC_ADDRESSES, ...PRIVATE_ADDRESSES].filter((address) => !address.includes(':'));
  const cases = PRIVATE_ADDRESSES.length + PUBLIC_ADDRESSES.length + 10 * spelled.length;
  expect(cases).toBeGreaterThan(900);
  expect(PUBLIC_ADDRESSES.filter((address) => !isPublicBy(address))).toEqual([]);
  expect(PRIVATE_ADDRESSES.filter((address) => isPublicBy(address))).toEqual([]);
});

describe('an address that is not public', () => {
  it('is never registered, however it is written', () => {
    const hosts = PRIVATE_ADDRESSES.flatMap((address) =>
      address.includes(':') ? [inUrl(address)] : [address, ...spellings(address)],
    );
    expect(hosts.filter(isRegistered)).toEqual([]);
  });

  it('is never connected to, whatever name leads there, alone or beside public ones', async () => {
    const names = PRIVATE_ADDRESSES.flatMap((address) => [
      [address],
      ['8.8.8.8', address],
      [address, '2606:4700::1111'],
    ]);
    const results = await Promise.all(names.map(async (found) => ({ found, is: await lookedUp(...found) })));
    expect(results.filter(({ is }) => is !== 'refused')).toEqual([]);
  });

  it('is never connected to by a URL that was registered before it was refused', async () => {
    const sender = openSender(createHttpSender, STRICT_POLICY);
    for (const address of PRIVATE_ADDRESSES) {
      const result = await sender.send(requestTo(`https://${inUrl(address)}/`));
      expect(result, address).toMatchObject({ kind: 'error', error: 'blocked_address' });
    }
  });
});

test('nobody asks for a name that the operator refuses, so neither time nor words tell what is below it', async () => {
  const asked: string[] = [];
  const lookup = async (name: string) => (asked.push(name), []);
  const policy = { ...STRICT_POLICY, refusedHosts: ['corp.example'] };
  const sender = createHttpSender({ ...policy, lookup });
  for (const name of ['corp.example', 'db.corp.example', 'a.b.CORP.example.']) {
    const result = await sender.send(requestTo(`https://${name}/`));
    expect(result, name).toMatchObject({ kind: 'error', error: 'blocked_address', durationMs: expect.any(Number) });
  }
  expect(asked).toEqual([]);
  await sender.send(requestTo('https://other.example/'));
  expect(asked).toEqual(['other.example']);
  await sender.close();
});

describe('a public address', () => {
  it('is registered, however it is written', () => {
    const hosts = PUBLIC_ADDRESSES.flatMap((address) =>
      address.includes(':') ? [inUrl(address)] : [address, ...spellings(address)],
    );
    expect(hosts.filter((host) => !isRegistered(host))).toEqual([]);
  });

  it('is connected to, itself and no other', async () => {
    for (const address of PUBLIC_ADDRESSES) expect(await lookedUp(address)).toEqual([address]);
    expect(await lookedUp(...PUBLIC_ADDRESSES)).toEqual(PUBLIC_ADDRESSES);
  });
});

describe('generated', () => {
  test('addresses are public exactly where the judge says so', () => {
    const v4 = fc.ipV4();
    const near = fc.constantFrom(...PRIVATE_ADDRESSES.filter((one) => !one.includes(':'))).chain((address) =>
      fc.integer({ min: -2, max: 2 }).map((step) => {
        const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
        const moved = Math.min(Math.max(number + step, 0), 2 ** 32 - 1);
        return [24, 16, 8, 0].map((shift) => Math.floor(moved / 2 ** shift) % 256).join('.');
      }),
    );
    const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
    const prefixes = fc.constantFrom(
      [],
      [0x2001],
      [0x2001, 0xdb8],
      [0x64, 0xff9b, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0xffff],
      [0x3fff],
      [0x2620, 0x4f],
    );
    const v6 = fc.tuple(prefixes, groups).map(([prefix, rest]) =>
      [...prefix, ...rest]
        .slice(0, 8)
        .map((group) => group.toString(16))
        .join(':'),
    );
    fc.assert(
      fc.property(fc.oneof(v4, near, v6), (address) => {
        expect(isPublicAddress(address), address).toBe(isPublicBy(address));
      }),
      { numRuns: 5000 },
    );
  });

  test('URLs that are accepted lead to a public address or a name, over HTTPS, to an allowed port, as they are written', () => {
    const host = fc.oneof(
      fc.ipV4(),
      fc.ipV4Extended(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.domain(),
      fc
        .constantFrom(...PRIVATE_ADDRESSES.filter((one) => !one.includes(':')))
        .chain((address) => fc.constantFrom(...spellings(address))),
      fc.constantFrom(
        'localhost',
        'LOCALHOST',
        'a.localhost',
        'intranet',
        'x.internal',
        'y.local',
        '１２７.0.0.1',
        '①②⑦.0.0.1',
      ),
    );
    const scheme = fc.constantFrom(
      'https://',
      'http://',
      'HTTPS://',
      'https:/',
      'https:',
      '//',
      'ftp://',
      'file://',
      ' https://',
    );
    const user = fc.constantFrom('', '', '', 'user@', 'a:b@', '@', 'public.example@', 'public.example:443\\@');
    const port = fc.constantFrom('', '', ':443', ':8443', ':22', ':0', ':80', ':99999', ':');
    const path = fc.constantFrom('', '/', '/a?b=c', '/#x', '\\evil.example', '/ b', '\t/', '/%00', '?x', '#@127.0.0.1');
    fc.assert(
      fc.property(scheme, user, host, port, path, (...parts) => {
        const text = parts.join('');
        const check = checkUrl(text, STRICT_POLICY);
        if (!check.ok) return;
        const { protocol, hostname, username, password, hash } = new URL(text);
        expect([protocol, username, password, hash], text).toEqual(['https:', '', '', '']);
        expect(text.toLowerCase().startsWith('https://'), text).toBe(true);
        const number = Number(new URL(text).port || 443);
        expect(number === 443 || number === 80 || number >= 1024, text).toBe(true);
        const literal = hostname.replace(/^\[|\]$/g, '');
        if (/^[\d.]+$/.test(literal) || literal.includes(':')) expect(isPublicBy(literal), text).toBe(true);
        else expect(literal, text).toMatch(/^[^.]+(\.[^.]+)+$/);
        expect(literal, text).not.toMatch(/(^|\.)(localhost|internal|local)$/);
      }),
      { numRuns: 10_000 },
    );
  });
});
