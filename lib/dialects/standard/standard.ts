import type { Dialect, RenderInput, RenderedRequest } from '../dialect.ts';
import { refuseStandardSecret, signStandard, writeSecret } from './signing.ts';

const SECRET_BYTES = 32;

/** Standard Webhooks 1.0 (dialects.md 1). */
export const standard: Dialect = {
  name: 'standard',
  defaultRetry: 'standard',
  goneDisables: true,
  newSecret: (source) => writeSecret(source.bytes(SECRET_BYTES)),
  refuseSecret: refuseStandardSecret,
  render,
};

function render({ event, secrets, now }: RenderInput): RenderedRequest {
  const body = `{"type":${JSON.stringify(event.type)},"timestamp":"${new Date(event.acceptedAt).toISOString()}","data":${event.data}}`;
  const timestamp = Math.floor(now / 1000);
  return {
    headers: {
      'content-type': 'application/json',
      'webhook-id': event.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signStandard(secrets, event.id, timestamp, body),
    },
    body: Buffer.from(body),
  };
}
