import * as z from 'zod';
import { timestamp } from '../../schemas/times.ts';

const errorKind = z
  .enum([
    'timeout',
    'dns',
    'refused',
    'reset',
    'tls',
    'blocked_address',
    'invalid_response',
    'redirect',
    'status',
    'network',
  ])
  .meta({ id: 'ErrorKind', description: 'What kind of failure an attempt ended with.' });

/** How an attempt went; of a delivery: its latest. */
export const attemptFields = {
  status_code: z.int().nullable().meta({ description: 'What the endpoint answered; null when there was no answer.' }),
  duration_ms: z.number().nullable().meta({ description: 'How long the exchange took.' }),
  error_kind: errorKind.nullable().meta({ description: 'null after a success.' }),
  error_message: z.string().nullable().meta({ description: 'What failed, in a few words; null after a success.' }),
};

const base64Body = z
  .object({ base64: z.string().meta({ description: 'The bytes in base64.' }) })
  .meta({ id: 'Base64Body', description: 'A body that is not UTF-8 text.', examples: [{ base64: '//79' }] });

export const attempt = z
  .object({
    number: z.int().meta({ description: '1 for the first.' }),
    at: timestamp.meta({ description: 'When the request started.' }),
    ...attemptFields,
    signed_with: z.array(z.string()).meta({
      description: 'Fingerprints of the endpoint’s secrets that signed it, newest first; empty: it was not signed.',
    }),
    response_body: z
      .union([z.string(), base64Body])
      .nullable()
      .meta({ description: 'The first bytes of a failed attempt’s answer: text, or base64 when it is not UTF-8.' }),
  })
  .meta({
    id: 'Attempt',
    description: 'One HTTP request made for a delivery.',
    examples: [
      {
        number: 1,
        at: '2026-02-06T12:00:01.000Z',
        status_code: 503,
        duration_ms: 250,
        error_kind: 'status',
        error_message: 'answered 503',
        signed_with: ['5d41402a'],
        response_body: 'Service Unavailable',
      },
    ],
  });

export type AttemptJson = z.infer<typeof attempt>;
