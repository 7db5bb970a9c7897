import type { Dialect, RenderInput, RenderedRequest } from '../../dialects/dialect.ts';
import { signAsymmetric } from '../../dialects/standard/key-pair.ts';
import { standardHeaders } from '../../dialects/standard/signing.ts';

/** What an endpoint adds to a request of its dialect. */
interface Additions {
  /** Its own headers, by lower-case name. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Those that sign the headers of Standard Webhooks beside the dialect's own; none: there are no such headers. */
  standardSecrets: readonly string[];
  /** Private keys that sign besides, where the request has the headers of Standard Webhooks. */
  privateKeys?: readonly string[];
}

/** Writes and signs a request: what the customer receives, but for what the HTTP sender adds. */
export async function render(
  dialect: Dialect,
  input: RenderInput,
  { headers, standardSecrets, privateKeys = [] }: Additions,
): Promise<RenderedRequest> {
  const { headers: own, body } = await dialect.render(input);
  const { event, now } = input;
  const beside = standardSecrets.length > 0 && standardHeaders(standardSecrets, event.id, now, body);
  const all = { ...headers, ...own, ...beside };
  return { body, headers: privateKeys.length > 0 ? withAsymmetric(all, privateKeys, body) : all };
}

/** A receiver takes the first part that it can verify, and passes over those of a version that it does not know. */
function withAsymmetric(
  headers: Record<string, string>,
  privateKeys: readonly string[],
  body: Uint8Array,
): Record<string, string> {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': before } = headers;
  if (id === undefined || timestamp === undefined || before === undefined) return headers;
  const parts = [before, ...signAsymmetric(privateKeys, { id, timestamp }, body)];
  return { ...headers, 'webhook-signature': parts.join(' ').trim() };
}
