import * as z from 'zod';
import type { AttemptRequest } from '../../../pipeline/history/attempt-request.ts';
import { asTimestampOrNull, timestamp } from '../../schemas/times.ts';

export const attemptRequestQuery = z.strictObject({
  attempt: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .meta({ description: 'The number of the attempt. The default: the newest.', examples: [1] }),
});

export const attemptRequestSchema = z
  .object({
    attempt: z.int().nullable().meta({
      description:
        'The number of the attempt; null: none was made yet, and the first one would be this if it were made now.',
    }),
    at: timestamp.nullable().meta({ description: 'When the attempt was made.' }),
    method: z.literal('POST').meta({ description: 'Always POST.' }),
    headers: z.record(z.string(), z.string().nullable()).meta({
      description:
        'By lower-case name; null: the value is made with a secret, such as a signature, and not kept. The HTTP client adds `host`, `content-length` and `user-agent`.',
    }),
    body: z.string().meta({ description: 'As text.' }),
    endpoint_changed: z.boolean().meta({
      description: 'The endpoint was changed after the attempt: what it decides may have been otherwise then.',
    }),
  })
  .meta({
    id: 'AttemptRequest',
    description: 'The request of an attempt, written again of its event, its time and its endpoint as it is now.',
    examples: [
      {
        attempt: 1,
        at: '2026-02-06T12:00:01.000Z',
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': 'evt_01KGS4T2J8W5Y7R0D3F6A9B1CE',
          'webhook-timestamp': '1770379201',
          'webhook-signature': null,
        },
        body: '{"type":"task.completed","timestamp":"2026-02-06T12:00:00.000Z","data":{"task_id":"TASK-001"}}',
        endpoint_changed: false,
      },
    ],
  });

export function attemptRequestJson({ attempt, headers, body, endpointChanged }: AttemptRequest) {
  return {
    attempt: attempt?.number ?? null,
    at: asTimestampOrNull(attempt?.at),
    method: 'POST' as const,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value ?? null])),
    body: Buffer.from(body).toString('utf8'),
    endpoint_changed: endpointChanged,
  };
}
