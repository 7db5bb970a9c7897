import { VerificationError } from './verification-error.ts';

/** By name in any case; what comes twice is a list or is joined with commas. */
export type ReceivedHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request as a server has it. */
export interface ReceivedMessage {
  headers: ReceivedHeaders;
  /** As it came: the bytes, or their text. What a JSON parser made of it can't be verified. */
  body: Uint8Array | ArrayBuffer | string;
}

/** A header's value. @throws VerificationError `missing-header` */
export function headerOf(headers: ReceivedHeaders, name: string): string {
  const value = isHeaders(headers) ? headers.get(name) : valueOf(headers, name);
  if (value === null || value === undefined || value === '') {
    throw new VerificationError('missing-header', `The header ${name} is missing.`);
  }
  return value;
}

function isHeaders(headers: ReceivedHeaders): headers is Headers {
  return typeof headers.get === 'function';
}

function valueOf(headers: Exclude<ReceivedHeaders, Headers>, name: string): string | undefined {
  const found = Object.entries(headers).find(([one]) => one.toLowerCase() === name.toLowerCase());
  return typeof found?.[1] === 'object' ? found[1].join(',') : found?.[1];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** @throws TypeError for a body that was parsed */
export function bytesOf(body: ReceivedMessage['body'] | undefined): Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return encoder.encode(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (body instanceof Uint8Array) return new Uint8Array(body);
  throw new TypeError(
    'The body was parsed before it was verified, or is not there. A signature covers the bytes as they came: let no ' +
      'JSON parser have this route, and pass the raw body.',
  );
}

/** @throws VerificationError `invalid-body` */
export function jsonOf(body: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(decoder.decode(body));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new VerificationError('invalid-body', 'The request is genuine, but its body is not a JSON object.');
}

/**
 * The body of a request, read here and as far as it may go.
 * @throws VerificationError `too-large`
 */
export async function readBody(
  chunks: AsyncIterable<Uint8Array | string>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    const part = typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
    bytes += part.length;
    if (bytes > maxBytes) throw new VerificationError('too-large', `The body has more than ${maxBytes} bytes.`);
    parts.push(part);
  }
  return joined(parts);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
