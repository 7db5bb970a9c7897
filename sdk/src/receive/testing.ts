import { type DialectName, type ReceivedDialect, type SignatureScheme, dialects } from './dialects.ts';
import { HASHES, decoded } from './keys.ts';
import { joined } from './message.ts';

// What Postrider would send, for the tests of a receiver.

export interface TestWebhook {
  type: string;
  data: unknown;
  /** What drops duplicates. The default is a new one. */
  id?: string;
  /** When it happened. The default is now. */
  timestamp?: Date;
}

export interface SigningOptions {
  /** `whsec_…` and `whsk_…` (asymmetric) for `standard`, any text elsewhere. */
  secret: string | readonly string[];
  dialect?: DialectName;
  /** The endpoint's URL, which `vellum` signs. The default is https://receiver.example/webhooks. */
  url?: string;
  /** When the request is made: for one that comes too late. The default is now. */
  sentAt?: Date;
}

/** A request as any server takes it. */
export interface SignedMessage {
  method: 'POST';
  url: string;
  headers: Record<string, string>;
  body: string;
}

const encoder = new TextEncoder();
/** The DER of an Ed25519 private key in PKCS #8 is this and its seed (RFC 8410, 7). */
const PKCS8_HEAD = decoded('302e020100300506032b657004220420', 'hex') as Uint8Array<ArrayBuffer>;

/** A secret as Postrider makes them. */
export function newSecret(): string {
  return `whsec_${base64Of(crypto.getRandomValues(new Uint8Array(32)))}`;
}

/** A key pair for asymmetric signatures: sign with the private key, verify with the public one. */
export async function newKeyPair(): Promise<{ privateKey: string; publicKey: string }> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as {
    privateKey: Parameters<typeof crypto.subtle.exportKey>[1];
    publicKey: Parameters<typeof crypto.subtle.exportKey>[1];
  };
  const [pkcs8, raw] = await Promise.all([
    crypto.subtle.exportKey('pkcs8', pair.privateKey),
    crypto.subtle.exportKey('raw', pair.publicKey),
  ]);
  const seed = new Uint8Array(pkcs8 as ArrayBuffer).slice(PKCS8_HEAD.length);
  return { privateKey: `whsk_${base64Of(seed)}`, publicKey: `whpk_${base64Of(new Uint8Array(raw as ArrayBuffer))}` };
}

/** A signed request as `fetch` sends it and Fetch handlers take it. */
export async function signedRequest(webhook: TestWebhook, options: SigningOptions): Promise<Request> {
  const { url, ...init } = await signedMessage(webhook, options);
  return new Request(url, init);
}

/** A signed request for a server that takes its parts: `inject` of Fastify, supertest, an event of Lambda. */
export async function signedMessage(webhook: TestWebhook, options: SigningOptions): Promise<SignedMessage> {
  const { dialect = 'standard', url = 'https://receiver.example/webhooks', sentAt = new Date() } = options;
  const id = webhook.id ?? crypto.randomUUID();
  const body = JSON.stringify(BODIES[dialect]({ ...webhook, id, time: webhook.timestamp ?? new Date() }));
  const secrets = typeof options.secret === 'string' ? [options.secret] : options.secret;
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  const { signature, id: idOf }: ReceivedDialect = dialects[dialect];
  const signed =
    signature === 'standard'
      ? await standardHeaders(secrets, id, timestamp, body)
      : await declaredHeaders(signature, secrets[0] ?? '', { timestamp, method: 'POST', url, body });
  const own = 'header' in idOf ? { [idOf.header]: id } : {};
  return { method: 'POST', url, headers: { 'content-type': 'application/json', ...own, ...signed }, body };
}

type Posted = Required<Pick<TestWebhook, 'type' | 'data' | 'id'>> & { time: Date };

const seconds = (time: Date) => time.toISOString().replace(/\.\d+Z$/, 'Z');

/** The bodies of the dialects, without a project and a trace. */
const BODIES: Readonly<Record<DialectName, (posted: Posted) => object>> = {
  standard: ({ type, time, data }) => ({ type, timestamp: time.toISOString(), data }),
  vem: ({ type, time, data }) => ({
    event: type,
    timestamp: seconds(time),
    org_id: 'default',
    project_id: null,
    project_name: null,
    data,
  }),
  veriswarm: ({ type, time, data }) => ({ event_type: type, occurred_at: time.toISOString(), data }),
  vellum: ({ id, type, time, data }) => ({
    id,
    timestamp: time.toISOString(),
    api_version: '2024-10-25',
    trace_id: crypto.randomUUID(),
    span_id: crypto.randomUUID(),
    parent: null,
    name: type,
    body: data,
  }),
  ventryx: ({ id, type, time, data }) => ({ id, type, created_at: time.toISOString(), data }),
};

async function standardHeaders(secrets: readonly string[], id: string, timestamp: string, body: string) {
  const content = encoder.encode(`${id}.${timestamp}.${body}`);
  const parts = secrets.map(async (secret) => {
    const [, prefix, text = ''] = /^(whsk_|whsec_)?(.*)$/.exec(secret) ?? [];
    const key = decoded(text, 'base64');
    if (!key) throw new TypeError('`secret` must be `whsec_` (or `whsk_`) and base64.');
    return prefix === 'whsk_'
      ? `v1a,${base64Of(await ed25519(key, content))}`
      : `v1,${base64Of(await hmac(key, content))}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': (await Promise.all(parts)).join(' '),
  };
}

async function declaredHeaders(scheme: SignatureScheme, secret: string, words: Record<string, string>) {
  const content = scheme.signed.replaceAll(/\{(\w+)\}/g, (_, word: string) => words[word] ?? '');
  const bytes = await hmac(encoder.encode(secret), encoder.encode(content), scheme.algorithm);
  const signature = scheme.encoding === 'hex' ? hexOf(bytes) : base64Of(bytes);
  const beside = Object.entries(scheme.words ?? {}).map(([word, header]) => [header, words[word] ?? '']);
  return { [scheme.header]: scheme.value.replace('{signature}', signature), ...Object.fromEntries(beside) };
}

async function hmac(
  key: Uint8Array<ArrayBuffer>,
  content: Uint8Array<ArrayBuffer>,
  algorithm = 'sha256' as keyof typeof HASHES,
) {
  const how = { name: 'HMAC', hash: HASHES[algorithm] };
  const imported = await crypto.subtle.importKey('raw', key, how, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, content));
}

async function ed25519(seed: Uint8Array<ArrayBuffer>, content: Uint8Array<ArrayBuffer>) {
  const key = await crypto.subtle.importKey('pkcs8', joined([PKCS8_HEAD, seed]), 'Ed25519', false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('Ed25519', key, content));
}

function base64Of(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
