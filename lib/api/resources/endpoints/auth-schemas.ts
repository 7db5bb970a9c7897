import * as z from 'zod';
import { text } from '../../schemas/text.ts';

const MAX_SECRET = 512;

const bearer = z
  .strictObject({
    type: z.literal('bearer').meta({ description: 'Its kind.' }),
    token: z
      .string()
      .regex(/^[\x21-\x7e]{1,900}$/, 'must be 1 to 900 printable ASCII characters without spaces')
      .meta({ description: 'Sent as `Authorization: Bearer <token>`.' }),
  })
  .meta({ id: 'BearerAuth', description: 'A bearer token.', examples: [{ type: 'bearer', token: 'a-token' }] });

const basic = z
  .strictObject({
    type: z.literal('basic').meta({ description: 'Its kind.' }),
    username: z
      .string()
      .max(256)
      .regex(/^[^:\p{Cc}]+$/u, 'must have no colon and no control characters')
      .meta({ description: 'Without a colon.' }),
    password: z
      .string()
      .max(256)
      .regex(/^\P{Cc}*$/u, 'must have no control characters')
      .meta({ description: 'Encoded as UTF-8.' }),
  })
  .meta({
    id: 'BasicAuth',
    description: 'A name and a password, sent as `Authorization: Basic …`.',
    examples: [{ type: 'basic', username: 'postrider', password: 'a-password' }],
  });

const header = z
  .strictObject({
    type: z.literal('header').meta({ description: 'Its kind.' }),
    name: text(100).meta({ description: 'The name of the header. Case does not matter.' }),
    value: text(MAX_SECRET).meta({ description: 'What it says.' }),
  })
  .meta({
    id: 'HeaderAuth',
    description: 'An API key in a header of your choice.',
    examples: [{ type: 'header', name: 'X-Api-Key', value: 'a-key-of-the-receiver' }],
  });

export const endpointAuth = z.discriminatedUnion('type', [bearer, basic, header]).meta({
  id: 'EndpointAuth',
  description:
    'How requests authenticate themselves to the receiver. It is encrypted, and no answer shows more than its type and its header.',
  examples: [{ type: 'bearer', token: 'a-token' }],
});

/** What answers say of it. */
export const endpointAuthShown = z
  .object({
    type: z.enum(['bearer', 'basic', 'header']).meta({ id: 'EndpointAuthType', description: 'Its kind.' }),
    header: z.string().meta({ description: 'The header that carries it.' }),
  })
  .meta({
    id: 'EndpointAuthShown',
    description: 'How requests authenticate themselves.',
    examples: [{ type: 'header', header: 'x-api-key' }],
  });
