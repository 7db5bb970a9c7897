import { createHmac, createSecretKey } from 'node:crypto';
import { uuidOf } from '../../domain/uuids.ts';
import { type EventCatalogue, canonicalType } from '../catalogue.ts';
import { BREAKERS, type Dialect, type RenderInput, type RenderedRequest } from '../dialect.ts';
import { keyOf, refuseStandardSecret, writeSecret } from '../standard/signing.ts';
import type { DialectDefinition } from './definition.ts';
import { compileEnvelope } from './envelope.ts';
import { compileTemplate } from './template.ts';

const SECRET_BYTES = 32;

/**
 * The dialect that a definition describes. Its templates and fields are read once; a request then takes time in
 * proportion to the size of the event.
 */
export function declaredDialect(definition: DialectDefinition, catalogue: EventCatalogue = []): Dialect {
  const headers = definition.headers.map(({ name, value }) => ({
    name: name.toLowerCase(),
    write: compileTemplate(value),
  }));
  const sign = signerOf(definition.signature);
  const writeBody = compileEnvelope(definition.envelope);
  return {
    retryDelays: definition.retry_delays,
    reservedHeaders: [...headers.map(({ name }) => name), ...signatureHeaders(definition.signature)],
    goneDisables: definition.gone_disables,
    breaker: BREAKERS[definition.breaker],
    catalogue,
    ...(!definition.signature && { unsigned: true }),
    signsOnlyOwnSecrets: definition.signature?.only_own_secrets ?? false,
    ...(definition.signature?.several && { signsWithAllSecrets: true }),
    newSecret: (source) => writeSecret(source.bytes(SECRET_BYTES)),
    refuseSecret: definition.signature?.secrets === 'standard' ? refuseStandardSecret : refuseText,
    render(input: RenderInput): RenderedRequest {
      const event = { ...input.event, type: canonicalType(catalogue, input.event.type) };
      const body = writeBody(event, input.deliveryId);
      const words = wordsOf({ ...input, event });
      const own = headers.map(({ name, write }) => [name, write(words)] as const);
      return {
        headers: {
          'content-type': 'application/json',
          ...Object.fromEntries(own),
          ...sign(input.secrets, words, body),
        },
        body: Buffer.from(body),
      };
    },
  };
}

function wordsOf({ event, deliveryId, url, now }: RenderInput) {
  return {
    id: event.id,
    uuid: uuidOf(event.id),
    delivery_id: deliveryId,
    type: event.type,
    timestamp: String(Math.floor(now / 1000)),
    iso_timestamp: new Date(now).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    method: 'POST',
    url,
  };
}

type Sign = (
  secrets: readonly string[],
  words: Readonly<Record<string, string>>,
  body: string,
) => Record<string, string>;

/** Without `several`, a header has room for one secret: the newest. */
function signerOf(signature: DialectDefinition['signature']): Sign {
  if (!signature) return () => ({});
  const { algorithm, encoding } = signature;
  const [header, timestampHeader] = [signature.header.toLowerCase(), signature.timestamp_header?.toLowerCase()];
  const [content, value] = [compileTemplate(signature.signed), compileTemplate(signature.value)];
  const writeEach = compileTemplate(signature.several?.each ?? '{signature}');
  const readKey = signature.secrets === 'standard' ? keyOf : (secret: string) => Buffer.from(secret, 'utf8');
  return (secrets, words, body) => {
    const used = signature.several ? secrets : secrets.slice(0, 1);
    if (used.length === 0) return {};
    const text = content({ ...words, body });
    const signatures = used.map((secret) => {
      const hmac = createHmac(algorithm, createSecretKey(readKey(secret)));
      return writeEach({ signature: hmac.update(text).digest(encoding) });
    });
    const beside = timestampHeader === undefined ? {} : { [timestampHeader]: words['timestamp'] as string };
    return { ...beside, [header]: value({ ...words, signature: signatures.join(signature.several?.separator) }) };
  };
}

function signatureHeaders(signature: DialectDefinition['signature']): string[] {
  const names = [signature?.header, signature?.timestamp_header].filter((name) => name !== undefined);
  return names.map((name) => name.toLowerCase());
}

function refuseText(secret: string): string | undefined {
  return /^[\x20-\x7e]{1,256}$/.test(secret) ? undefined : 'must be 1 to 256 printable ASCII characters';
}
