import { RequestError } from '../../domain/errors.ts';
import { OPAQUE_FIELDS, bodyValue, refuseDepth } from './body-value.ts';
import { InvalidRequest, type FieldError } from './invalid-request.ts';
import { shapeOf } from './json-shape.ts';
import type { ApiRequest } from './request-response.ts';
import { unknownField } from './validation-messages.ts';

export function tooLarge(maxBytes: number): RequestError {
  return new RequestError('too-large', `The body is larger than ${maxBytes} bytes: send less.`);
}

/** @throws RequestError `too-large` */
export function refuseLargeBody(body: ApiRequest['body'], maxBytes: number): void {
  const size = typeof body === 'string' ? Buffer.byteLength(body) : (body?.byteLength ?? 0);
  if (size > maxBytes) throw tooLarge(maxBytes);
}

/**
 * The body's JSON value, which is safe to validate, copy and write again.
 * @param optional no body is the same as `{}`
 * @param parts a field whose entries are not looked at: that is left to {@link refuseUnsafe}, one by one
 * @throws RequestError `no-body`, `unsupported-media-type`, `invalid-utf8`, `invalid-json`, `too-deep`, `invalid-request`
 */
export function readJsonBody(
  request: Pick<ApiRequest, 'body' | 'headers'>,
  { optional = false, parts }: { optional?: boolean; parts?: string | undefined },
): unknown {
  const { body } = request;
  if (body === undefined || body.length === 0) {
    if (optional) return {};
    throw new RequestError('no-body', 'There is no body: send a JSON object with `Content-Type: application/json`.');
  }
  refuseOtherCodings(request.headers['content-encoding']);
  refuseOtherTypes(request.headers['content-type']);
  const value = bodyValue(textOfBody(body), parts);
  refuseProtoMembers(value, parts === undefined ? OPAQUE_FIELDS : [parts]);
  return value;
}

/**
 * Refuses a part of a body that could not be copied or written again as it is.
 * @throws RequestError `too-deep`, `invalid-request`, what {@link readJsonBody} has found in it included
 */
export function refuseUnsafe(value: unknown): void {
  if (value instanceof InvalidRequest) throw value;
  refuseDepth(shapeOf(value).depth);
  refuseProtoMembers(value, OPAQUE_FIELDS);
}

function refuseOtherCodings(contentEncoding = ''): void {
  const coding = contentEncoding.trim().toLowerCase();
  if (coding === '' || coding === 'identity') return;
  throw unsupported(`The body must not be encoded: send it without \`Content-Encoding: ${shortened(coding)}\`.`);
}

function refuseOtherTypes(contentType: string | undefined): void {
  const [mediaType = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (mediaType !== 'application/json') {
    const instead = mediaType && ` instead of ${JSON.stringify(shortened(mediaType))}`;
    throw unsupported(`The body must be JSON: send it with \`Content-Type: application/json\`${instead}.`);
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset === undefined || /^"?utf-?8"?$/.test(charset)) return;
  throw unsupported(`The body must be UTF-8: send it so, without \`charset=${shortened(charset)}\`.`);
}

function unsupported(why: string): RequestError {
  return new RequestError('unsupported-media-type', why);
}

function shortened(value: string): string {
  return value.slice(0, 100);
}

/** @throws RequestError `invalid-utf8` */
export function textOfBody(body: string | Uint8Array): string {
  if (typeof body === 'string') return body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new RequestError('invalid-utf8', 'The body is not UTF-8: encode the JSON text as UTF-8.');
  }
}

/** `__proto__` is no name for a field or an entry of ours; below, copies could lose it or change a prototype. */
function refuseProtoMembers(body: unknown, opaque: readonly string[]): void {
  const errors = protoMembers(body, [], opaque);
  if (errors.length > 0) throw new InvalidRequest('body', errors);
}

function protoMembers(value: unknown, path: readonly PropertyKey[], opaque: readonly string[]): FieldError[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (name === '__proto__') return [unknownField([...path, name])];
    return path.length === 0 && opaque.includes(name) ? [] : protoMembers(member, [...path, name], opaque);
  });
}
