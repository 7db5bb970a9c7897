import type { Dialect, RenderInput, RenderedRequest } from '../../dialects/dialect.ts';
import { standardHeaders } from '../../dialects/standard/signing.ts';

/** What an endpoint adds to a request of its dialect. */
interface Additions {
  /** Its own headers, by lower-case name. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Those that sign the headers of Standard Webhooks beside the dialect's own; none: there are no such headers. */
  standardSecrets: readonly string[];
}

/** Writes and signs a request: what the customer receives, but for what the HTTP sender adds. */
export async function render(
  dialect: Dialect,
  input: RenderInput,
  { headers, standardSecrets }: Additions,
): Promise<RenderedRequest> {
  const rendered = await dialect.render(input);
  const { event, now } = input;
  const beside = standardSecrets.length > 0 && standardHeaders(standardSecrets, event.id, now, rendered.body);
  return { body: rendered.body, headers: { ...headers, ...rendered.headers, ...beside } };
}
