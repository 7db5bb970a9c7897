import * as z from 'zod';
import { MOST_CODES_A_DAY } from '../../../domain/alert-address.ts';
import { MAX_ADDRESS, readMailAddress } from '../../../domain/mail/address.ts';
import { OPERATIONAL_TYPES } from '../../../domain/operational-event.ts';
import { text } from '../../schemas/text.ts';
import { timestamp } from '../../schemas/times.ts';

const MAX_CODE = 64;
const ADDRESS = 'ops@example.com';
const CODE = 'k7pm-2x9q-w4tc-8hvn';

const type = z.enum(OPERATIONAL_TYPES).meta({
  id: 'AlertType',
  description: 'What an alert is about (docs/alerts.md).',
  examples: ['postrider.endpoint.paused'],
});

/** Once each, in the order of the list. */
const types = z.array(type).meta({ examples: [OPERATIONAL_TYPES] });

const address = text(MAX_ADDRESS)
  .refine((value) => readMailAddress(value) !== undefined, {
    error:
      'must be one mail address, such as ops@example.com: ASCII before the `@`, a domain after it, no name beside it',
  })
  .transform((value) => readMailAddress(value) as string)
  .meta({
    description:
      'One address, without a name beside it. A domain of another script is kept in its ASCII form; what is before the `@` is ASCII.',
    examples: [ADDRESS],
  });

export const alertMailSet = z
  .strictObject({
    address,
    types: types
      .min(1)
      .max(OPERATIONAL_TYPES.length)
      .optional()
      .meta({ description: 'Which alerts are mailed. Default: all.' }),
  })
  .meta({
    id: 'AlertMailSet',
    description: `Where alerts are to be mailed. A new address is mailed a code, at most ${MOST_CODES_A_DAY} in 24 hours.`,
    examples: [{ address: ADDRESS }, { address: ADDRESS, types: ['postrider.delivery.exhausted'] }],
  });

export const alertMailConfirm = z
  .strictObject({
    code: text(MAX_CODE).meta({
      description: 'As the mail shows it; case, spaces and hyphens do not matter.',
      examples: [CODE],
    }),
  })
  .meta({
    id: 'AlertMailConfirm',
    description: 'The code that was mailed to the address.',
    examples: [{ code: CODE }],
  });

export const alertMail = z
  .object({
    available: z.boolean().meta({ description: 'Does this deployment send mail?' }),
    status: z.enum(['off', 'unconfirmed', 'on']).meta({
      id: 'AlertMailStatus',
      description: 'Off: there is no address. Unconfirmed: its code has not come back, so no alert is mailed.',
    }),
    address: z
      .string()
      .nullable()
      .meta({ description: 'Null: there is none.', examples: [ADDRESS] }),
    types: types.meta({ description: 'Which alerts are mailed.' }),
    confirmed_at: timestamp.nullable().meta({ description: 'When its code came back.' }),
    code_expires_at: timestamp.nullable().meta({ description: 'Until when the code is good; null: none is awaited.' }),
  })
  .meta({
    id: 'AlertMail',
    description: 'Where the alerts of a tenant are mailed.',
    examples: [
      {
        available: true,
        status: 'on',
        address: ADDRESS,
        types: [...OPERATIONAL_TYPES],
        confirmed_at: '2026-02-06T12:00:00.000Z',
        code_expires_at: null,
      },
    ],
  });
export type AlertMailJson = z.infer<typeof alertMail>;
