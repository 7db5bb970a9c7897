/** How a request is signed. */
export interface SignatureScheme {
  /** The header that has the signature. */
  header: string;
  /** What it says, around the word `{signature}`: `sha256={signature}`, or `t={timestamp},v1={signature}`. */
  value: string;
  /** There may be several signatures in place of the word: how each is written, and what is between them. */
  several?: { each: string; separator: string };
  /** `standard`: secrets are `whsec_` and the base64 of the key. Without it, the key is the secret as UTF-8. */
  secrets?: 'standard';
  /** What is signed: `{body}`, with other words: `{timestamp}`, `{method}`, `{url}`, or any of `value` and `words`. */
  signed: string;
  algorithm: 'sha256' | 'sha512' | 'sha1';
  encoding: 'hex' | 'base64';
  /** The headers that words of `signed` come from: `{ timestamp: 'x-acme-timestamp' }`. */
  words?: Readonly<Record<string, string>>;
}

/** What the receivers of a dialect have to know of it. One of your own can be given wherever a name can. */
export interface ReceivedDialect {
  /** `standard`: Standard Webhooks, HMAC and Ed25519. */
  signature: 'standard' | SignatureScheme;
  /** How old a request may be, in seconds, where its signature covers a timestamp. */
  tolerance?: number;
  /** What is the same when the same event comes again: a header, or a field of the body. */
  id: { header: string } | { field: string };
  /** The fields of the body that have the event's type, its time and its data. */
  type: string;
  time: string;
  data: string;
}

const hexOf = { algorithm: 'sha256', encoding: 'hex' } as const;

/** Those that come with Postrider and sign. Slack and Discord verify nothing. */
export const dialects = {
  standard: {
    signature: 'standard',
    tolerance: 300,
    id: { header: 'webhook-id' },
    type: 'type',
    time: 'timestamp',
    data: 'data',
  },
  vem: {
    signature: { ...hexOf, header: 'x-webhook-signature', value: 'sha256={signature}', signed: '{body}' },
    id: { header: 'x-webhook-delivery' },
    type: 'event',
    time: 'timestamp',
    data: 'data',
  },
  veriswarm: {
    signature: {
      ...hexOf,
      header: 'x-veriswarm-signature',
      value: '{signature}',
      signed: '{timestamp}.{body}',
      words: { timestamp: 'x-veriswarm-timestamp' },
    },
    tolerance: 300,
    id: { header: 'x-veriswarm-delivery-id' },
    type: 'event_type',
    time: 'occurred_at',
    data: 'data',
  },
  vellum: {
    signature: {
      ...hexOf,
      header: 'x-vellum-signature',
      value: '{signature}',
      signed: '{timestamp}\n{method}\n{url}\n{body}',
      words: { timestamp: 'x-vellum-timestamp' },
    },
    tolerance: 60,
    id: { field: 'id' },
    type: 'name',
    time: 'timestamp',
    data: 'body',
  },
  ventryx: {
    signature: { ...hexOf, header: 'ventryx-signature', value: 'sha256={signature}', signed: '{body}' },
    id: { header: 'ventryx-delivery' },
    type: 'type',
    time: 'created_at',
    data: 'data',
  },
} as const satisfies Record<string, ReceivedDialect>;

export type DialectName = keyof typeof dialects;

/** @throws TypeError for a name that it doesn't know */
export function dialectOf(dialect: DialectName | ReceivedDialect): ReceivedDialect {
  if (typeof dialect !== 'string') return dialect;
  if (Object.hasOwn(dialects, dialect)) return dialects[dialect];
  throw new TypeError(`There is no dialect ${JSON.stringify(dialect)} that signs. Describe one of your own.`);
}
