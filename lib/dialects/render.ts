import { traceParentOf } from '../domain/trace-parent.ts';
import type { Dialect, RenderInput, RenderedRequest } from './dialect.ts';
import type { Signers } from './signers.ts';
import { signAsymmetric } from './standard/key-pair.ts';
import { standardHeaders } from './standard/signing.ts';

/**
 * Writes and signs a request: what the customer receives, but for what the HTTP sender adds.
 * @param headers the endpoint's own, by lower-case name
 */
export async function render(
  dialect: Dialect,
  input: Omit<RenderInput, 'secrets'>,
  { own, standard, asymmetric }: Signers<string>,
  headers?: Readonly<Record<string, string>>,
): Promise<RenderedRequest> {
  const rendered = await dialect.render({ ...input, secrets: own });
  const { body } = rendered;
  const beside = standard.length > 0 && standardHeaders(standard, input.event.id, input.now, body);
  const traceparent = traceParentOf(input.event);
  const all = { ...(traceparent !== undefined && { traceparent }), ...headers, ...rendered.headers, ...beside };
  return { body, headers: asymmetric.length > 0 ? withAsymmetric(all, asymmetric, body) : all };
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
