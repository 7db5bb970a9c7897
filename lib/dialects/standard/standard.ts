import { eventTime } from '../../domain/event.ts';
import { BREAKERS, type Dialect, type RenderInput, type RenderedRequest } from '../dialect.ts';
import { refuseStandardSecret, standardHeaders, writeSecret } from './signing.ts';

const SECRET_BYTES = 32;
const MINUTE = 60;
const HOUR = 3600;

/** Standard Webhooks 1.0. */
export const standard: Dialect = {
  retryDelays: [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
  reservedHeaders: ['webhook-*'],
  goneDisables: true,
  breaker: BREAKERS.outage,
  catalogue: [],
  signsOnlyOwnSecrets: false,
  signsWithAllSecrets: true,
  newSecret: (source) => writeSecret(source.bytes(SECRET_BYTES)),
  refuseSecret: refuseStandardSecret,
  render,
};

/** Each attempt has a timestamp, and so a signature, of its own. */
function render({ event, secrets, now }: RenderInput): RenderedRequest {
  const body = `{"type":${JSON.stringify(event.type)},"timestamp":"${new Date(eventTime(event)).toISOString()}","data":${event.data}}`;
  return {
    headers: { 'content-type': 'application/json', ...standardHeaders(secrets, event.id, now, body) },
    body: Buffer.from(body),
  };
}
