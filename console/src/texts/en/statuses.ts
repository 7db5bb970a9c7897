// How things are, in words: one word for the pill, a sentence where there is room.

export const statuses = {
  endpoint: {
    active: 'Active',
    paused: 'Paused',
    disabled: 'Disabled',
    revoked: 'Revoked',
  },
  /** Why an endpoint is as it is. */
  endpointReason: {
    'paused.manual': 'Paused by hand.',
    'paused.breaker': 'Paused after failures in a row.',
    'disabled.manual': 'Disabled by hand.',
    'disabled.gone': 'Disabled: its server answered 410 Gone.',
    'revoked.manual': 'Revoked.',
    'revoked.deleted': 'Deleted.',
  } as Readonly<Record<string, string>>,
  delivery: {
    pending: 'Pending',
    retrying: 'Retrying',
    parked: 'Waiting',
    held: 'Held',
    delivered: 'Delivered',
    exhausted: 'Failed',
    abandoned: 'Given up',
  },
  /** What a delivery waits for, or why it was given up. */
  deliveryReason: {
    disabled: 'The endpoint was disabled.',
    revoked: 'The endpoint was revoked.',
    expired: 'It was held for longer than 14 days.',
    discarded: 'It was discarded when the endpoint was resumed.',
    payload_deleted: 'The data of its event was deleted.',
    fault: 'An error of ours stopped it. Retry it to send it again.',
    rate_limited: 'It waits for its turn under the endpoint’s rate limit.',
    braked: 'All sending is stopped for now. It is sent when that ends.',
    delayed: 'It waits behind other deliveries.',
    unconfirmed: 'How its last attempt ended is not known yet.',
    paused: 'Held while the endpoint is paused.',
    breaker: 'Held while the endpoint is paused after failures in a row.',
  } as Readonly<Record<string, string>>,
} as const;
