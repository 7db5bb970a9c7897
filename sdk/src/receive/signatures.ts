import type { SignatureScheme } from './dialects.ts';
import { type Verify, decoded, hmacKey, secretBytes, standardKey } from './keys.ts';
import { type ReceivedHeaders, headerOf, joined } from './message.ts';
import { VerificationError } from './verification-error.ts';

/** What a request says of its signatures. */
export interface Signed {
  /** What each of them is of. */
  content: Uint8Array<ArrayBuffer>;
  signatures: { version: string; bytes: Uint8Array<ArrayBuffer> }[];
  /** Unix seconds of the attempt; absent where the signature covers none. */
  timestamp?: string;
}

export interface Words {
  method: string;
  /** The URL as it was registered. */
  url?: string | undefined;
}

const encoder = new TextEncoder();

/** One of a list with spaces between, or with the commas of headers that were joined. */
const STANDARD_SIGNATURE = /(?:^|[ ,])(v1a?),([^ ,]+)/g;
/** Twice what Postrider ever sends: each is a hash of the whole body, and anybody can send a list. */
const MAX_SIGNATURES = 20;

/** The three headers of Standard Webhooks 1.0. @throws VerificationError */
export function readStandard(headers: ReceivedHeaders, body: Uint8Array<ArrayBuffer>): Signed {
  const [id, timestamp] = [headerOf(headers, 'webhook-id'), headerOf(headers, 'webhook-timestamp')];
  const header = headerOf(headers, 'webhook-signature');
  const parts = [...header.matchAll(STANDARD_SIGNATURE)].slice(0, MAX_SIGNATURES);
  const signatures = parts.flatMap(([, version = '', text = '']) => {
    const bytes = decoded(text, 'base64');
    return bytes ? [{ version, bytes }] : [];
  });
  if (signatures.length === 0) throw malformed('webhook-signature', 'it has no signature of the versions v1 and v1a');
  return { content: joined([encoder.encode(`${id}.${timestamp}.`), body]), signatures, timestamp };
}

/** The signatures of any other dialect. @throws VerificationError, TypeError for a word that nothing says */
export function readDeclared(
  scheme: SignatureScheme,
  headers: ReceivedHeaders,
  body: Uint8Array<ArrayBuffer>,
  known: Words,
): Signed {
  const read = readValue(scheme, headerOf(headers, scheme.header));
  const signatures = readEach(scheme, read['signature'] ?? '');
  if (signatures.length === 0) throw malformed(scheme.header, `its signature is not ${scheme.encoding}`);
  const wordOf = (word: string) => {
    const header = scheme.words?.[word];
    if (header !== undefined) return headerOf(headers, header);
    const text = read[word] ?? known[word as keyof Words];
    if (text === undefined)
      throw new TypeError(`The signature covers {${word}}: pass \`${word}\`, exactly as the sender has it.`);
    return text;
  };
  const parts = scheme.signed.split(/\{(\w+)\}/);
  const content = parts.map((part, index) => {
    if (index % 2 === 0) return encoder.encode(part);
    return part === 'body' ? body : encoder.encode(wordOf(part));
  });
  const hasTimestamp = parts.some((part, index) => index % 2 === 1 && part === 'timestamp');
  return { content: joined(content), signatures, ...(hasTimestamp && { timestamp: wordOf('timestamp') }) };
}

/** The words of a header: `t=1,v1=ab` by `t={timestamp},v1={signature}`. */
function readValue({ header, value: template, several }: SignatureScheme, value: string): Record<string, string> {
  const parts = template.split(/\{(\w+)\}/);
  const wordOf = (name: string | undefined) => (name === 'signature' && several ? '(.+)' : '([^\\s,;]+)');
  const pattern = parts.map((part, index) => (index % 2 === 0 ? escaped(part) : wordOf(part))).join('');
  const [, ...texts] = new RegExp(`^${pattern}$`).exec(value) ?? [];
  if (texts.length === 0) throw malformed(header, `it must be ${template}`);
  return Object.fromEntries(texts.map((text, index) => [parts[index * 2 + 1] as string, text]));
}

/** Those that can be read; another may be of a version that this receiver doesn't know. */
function readEach({ several, encoding }: SignatureScheme, text: string): Signed['signatures'] {
  const [before = '', after = ''] = several?.each.split('{signature}') ?? [];
  const parts = several ? text.split(several.separator).slice(0, MAX_SIGNATURES) : [text];
  return parts.flatMap((part) => {
    if (!part.startsWith(before) || !part.endsWith(after)) return [];
    const bytes = decoded(part.slice(before.length, part.length - after.length), encoding);
    return bytes ? [{ version: '', bytes }] : [];
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

export function malformed(header: string, why: string): VerificationError {
  return new VerificationError('malformed-header', `The header ${header} can't be read: ${why}.`);
}

/** The keys of the secrets, and the version of the signatures that each verifies. */
export function keysOf(
  signature: 'standard' | SignatureScheme,
  secrets: readonly string[],
): Promise<{ version: string; verify: Verify }[]> {
  return Promise.all(
    secrets.map(async (secret) => {
      if (signature === 'standard') return standardKey(secret);
      if (signature.secrets === 'standard')
        return { version: '', verify: await hmacKey(secretBytes(secret), signature.algorithm) };
      return { version: '', verify: await hmacKey(encoder.encode(secret), signature.algorithm) };
    }),
  );
}
