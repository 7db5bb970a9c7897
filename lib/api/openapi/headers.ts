/** The headers of answers, by name. */
export const HEADERS = {
  'X-Request-Id': header(
    'Names the request in the log: the caller’s `X-Request-Id`, or a new one.',
    '4f1c2a90d7e35b68',
  ),
  Location: header('Where to find what was made.', '/v1/jobs/job_01KGS5B7QK4M1N8P2S6V9X3Z0A'),
  ETag: header(
    'The endpoint’s generation, for `If-Match`. It changes when the endpoint is changed, not with each attempt.',
    '"3"',
  ),
  'Retry-After': header('Seconds after which the same request is good again.', '5'),
  RateLimit: header(
    'How many events the quota has left (`r`) until it starts again in `t` seconds. Only for a tenant with a quota.',
    '"events";r=5990;t=31',
  ),
  'RateLimit-Policy': header(
    'The quota: `q` events in a window of `w` seconds. Only for a tenant with a quota.',
    '"events";q=6000;w=60',
  ),
};

function header(description: string, example: string) {
  return { description, schema: { type: 'string' }, example };
}
