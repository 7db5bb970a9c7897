import { describe, expect, it } from 'vitest';

import { checkUrl, literalAddress } from '../../lib/domain/url-policy.ts';
import type { UrlPolicy } from '../../lib/domain/url-policy.ts';

const STRICT: UrlPolicy = { allowHttp: false, allowLoopback: false };
const LOCAL: UrlPolicy = { allowHttp: true, allowLoopback: true };

function problemOf(text: string, policy = STRICT): string | undefined {
  const check = checkUrl(text, policy);
  return check.ok ? undefined : check.problem;
}

describe('url policy', () => {
  it.each([
    ['https://example.com/webhooks'],
    ['https://example.com:8443/a?b=c&d=%20'],
    ['https://hooks.slack.com/services/T0/B0/x'],
    ['https://8.8.8.8/hook'],
    ['https://[2606:4700:4700::1111]/hook'],
    ['https://bücher.example/'],
    ['https://internal.example.com/'],
    ['https://mylocalhost.com/'],
    ['HTTPS://EXAMPLE.COM'],
  ])('allows %s', (text) => expect(problemOf(text)).toBeUndefined());

  it('gives the parsed URL back', () => {
    const check = checkUrl('https://EXAMPLE.com/a', STRICT);
    expect(check.ok && check.url.href).toBe('https://example.com/a');
  });

  it.each([
    [''],
    ['example.com/hook'],
    ['/hook'],
    ['https://'],
    ['https:example.com'],
    ['https:\\\\example.com'],
    ['https://exam\nple.com/'],
    ['https://example.com/a b'],
    [' https://example.com/'],
    ['https://exa mple.com'],
    ['https://example.com:99999/'],
    ['https://1.2.3.4.5/'],
  ])('refuses what is not a whole URL: %j', (text) => {
    expect(problemOf(text)).toBe('Give a whole URL, such as https://example.com/webhooks.');
  });

  it('refuses every scheme but https, and http only where it is allowed', () => {
    expect(problemOf('http://example.com/')).toBe('Use a URL that starts with https://.');
    expect(problemOf('ftp://example.com/')).toBe('Use a URL that starts with https://.');
    expect(problemOf('http://example.com/', LOCAL)).toBeUndefined();
    expect(problemOf('ftp://example.com/', LOCAL)).toBe('Use a URL that starts with https:// or http://.');
  });

  it('refuses credentials and fragments, empty ones too', () => {
    const credentials = 'Take the user name and password out of the URL; use a header instead.';
    expect(problemOf('https://user:pass@example.com/')).toBe(credentials);
    expect(problemOf('https://user@example.com/')).toBe(credentials);
    const fragment = 'Take the fragment (# and what follows) out of the URL.';
    expect(problemOf('https://example.com/#part')).toBe(fragment);
    expect(problemOf('https://example.com/#')).toBe(fragment);
  });

  it('refuses more than 2,048 characters, counted as they are sent', () => {
    const base = 'https://example.com/';
    expect(problemOf(base + 'a'.repeat(2048 - base.length))).toBeUndefined();
    expect(problemOf(base + 'a'.repeat(2049 - base.length))).toBe('Shorten the URL to at most 2,048 characters.');
    expect(problemOf(base + 'ü'.repeat(1000))).toBe('Shorten the URL to at most 2,048 characters.');
  });

  it.each([
    ['https://127.0.0.1/', '127.0.0.1'],
    ['https://127.1/', '127.0.0.1'],
    ['https://2130706433/', '127.0.0.1'],
    ['https://0x7f000001/', '127.0.0.1'],
    ['https://0177.0.0.1/', '127.0.0.1'],
    ['https://127.0.0.1./', '127.0.0.1'],
    ['https://%31%32%37.0.0.1/', '127.0.0.1'],
    ['https://169.254.169.254/latest/meta-data', '169.254.169.254'],
    ['https://10.0.0.1:8443/', '10.0.0.1'],
    ['https://[::1]/', '::1'],
    ['https://[::]/', '::'],
    ['https://[::ffff:127.0.0.1]/', '::ffff:7f00:1'],
    ['https://[fd00:ec2::254]/', 'fd00:ec2::254'],
    ['https://[64:ff9b::10.0.0.1]/', '64:ff9b::a00:1'],
  ])('refuses an address that is not public, however it is written: %s', (text, address) => {
    expect(problemOf(text)).toBe(`Use a public address: ${address} is not public.`);
  });

  it('refuses localhost, and names that only a private network knows', () => {
    expect(problemOf('https://localhost/')).toBe('Use a public host name: localhost is not public.');
    expect(problemOf('https://LOCALHOST:8443/')).toBe('Use a public host name: localhost is not public.');
    expect(problemOf('https://app.localhost/')).toBe('Use a public host name: localhost is not public.');
    const privateName = 'Use a public host name: .internal and .local are not public.';
    expect(problemOf('https://metadata.google.internal/')).toBe(privateName);
    expect(problemOf('https://printer.local/')).toBe(privateName);
    expect(problemOf('https://localhost./')).toBe('Take the dot off the end of the host name.');
    expect(problemOf('https://metadata.google.internal./')).toBe('Take the dot off the end of the host name.');
  });

  it('allows loopback in local mode, and nothing else that is private', () => {
    for (const host of ['localhost:3000', 'app.localhost', '127.0.0.1:3000', '[::1]:3000']) {
      expect(problemOf(`http://${host}/hook`, LOCAL)).toBeUndefined();
    }
    for (const host of ['10.0.0.1', '169.254.169.254', '[fd00::1]', 'printer.local', 'db.internal']) {
      expect(problemOf(`http://${host}/hook`, LOCAL)).toMatch(/is not public|are not public/);
    }
  });

  it('says each problem in at most 80 characters, the longest address included', () => {
    const longest = 'https://[fdff:1111:2222:3333:4444:5555:6666:7777]/';
    expect(problemOf(longest)).toHaveLength('Use a public address: '.length + 39 + ' is not public.'.length);
    expect(problemOf(longest)?.length).toBeLessThanOrEqual(80);
  });

  it('tells an address from a name', () => {
    expect(literalAddress(new URL('https://[::1]:80/'))).toBe('::1');
    expect(literalAddress(new URL('https://0x7f.1/'))).toBe('127.0.0.1');
    expect(literalAddress(new URL('https://example.com/'))).toBeUndefined();
  });
});
