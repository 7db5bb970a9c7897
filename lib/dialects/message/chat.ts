import { BREAKERS, type Dialect, type RenderedRequest } from '../dialect.ts';
import { standard } from '../standard/standard.ts';

/** What the dialects of chats have in common. Nothing is signed: the URL is the secret. */
export const chat: Omit<Dialect, 'render'> = {
  ...standard,
  unsigned: true,
  retryDelays: [10, 60, 300],
  reservedHeaders: [],
  goneDisables: false,
  breaker: BREAKERS.outage,
};

/** The request that posts a message. */
export function postOf(message: object): RenderedRequest {
  return { headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(message)) };
}
