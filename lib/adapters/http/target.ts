import { validateHeaderName, validateHeaderValue } from 'node:http';

import { framingHeader } from '../../domain/header-policy.ts';
import { hostOf } from '../../domain/url-policy.ts';
import type { SendRequest } from '../../ports/http-sender.ts';

/** Where a request goes. */
export interface Target {
  /** Which connections may carry it. */
  origin: string;
  /** Without brackets. */
  hostname: string;
  port: number;
  isSecure: boolean;
  /** The first lines of each request. */
  start: string;
}

const USER_AGENT = 'Postrider/1.0 (+webhooks)';
/** A smaller body is copied behind its head: one piece takes less to write than two. */
const MAX_COPIED_BYTES = 16 * 1024;

export function targetOf(url: URL): Target {
  const isSecure = url.protocol === 'https:';
  return {
    origin: url.origin,
    hostname: hostOf(url),
    port: url.port === '' ? defaultPort(isSecure) : Number(url.port),
    isSecure,
    start: `POST ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n`,
  };
}

function defaultPort(isSecure: boolean): number {
  return isSecure ? 443 : 80;
}

/**
 * The bytes of a request, in pieces: its own headers, without those that frame the message on its connection, and its
 * body. A large body is not copied: the requests of an event share it, and servers that do not read hold it for long.
 * @throws for a header that cannot be written: ERR_INVALID_HTTP_TOKEN, ERR_INVALID_CHAR
 */
export function bytesOf(target: Target, { headers, body }: SendRequest): readonly Uint8Array[] {
  let head = target.start;
  let hasUserAgent = false;
  for (const [name, value] of Object.entries(headers)) {
    if (framingHeader(name)) continue;
    validateHeaderName(name);
    validateHeaderValue(name, value);
    hasUserAgent ||= name.toLowerCase() === 'user-agent';
    head += `${name}: ${value}\r\n`;
  }
  if (!hasUserAgent) head += `user-agent: ${USER_AGENT}\r\n`;
  head += `content-length: ${body.byteLength}\r\nConnection: keep-alive\r\n\r\n`;
  if (body.byteLength > MAX_COPIED_BYTES) return [Buffer.from(head, 'latin1'), body];
  const bytes = Buffer.allocUnsafe(head.length + body.byteLength);
  bytes.write(head, 'latin1');
  bytes.set(body, head.length);
  return [bytes];
}
