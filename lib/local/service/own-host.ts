import { isIP } from 'node:net';

/**
 * Does a `Host` header mean this service? An IP address and `localhost` do, and the names that it was told are its own.
 * Any other name may be a web page's whose DNS answer was changed to this machine's address (DNS rebinding): a browser
 * here would let that page read our answers as its own.
 *
 * @param host the header as received: a name or address, and perhaps a port
 * @param names lower-case names, without ports
 */
export function isOwnHost(host: string, names: readonly string[]): boolean {
  const name = URL.parse(`http://${host}`)?.hostname.replace(/^\[(.*)\]$/, '$1');
  if (!name) return false;
  return isIP(name) !== 0 || name === 'localhost' || names.includes(name.replace(/\.$/, ''));
}

/** May anybody else reach what listens there? */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
