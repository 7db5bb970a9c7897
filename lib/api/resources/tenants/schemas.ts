import * as z from 'zod';
import { EXAMPLE_IDS, tenantId } from '../../schemas/ids.ts';
import { pageOf } from '../../schemas/pages.ts';
import { text } from '../../schemas/text.ts';
import { timestamp } from '../../schemas/times.ts';

const MAX_NAME = 200;

export const tenantParam = z.strictObject({ id: tenantId });

const eventsPerSecond = z
  .number()
  .min(0.1)
  .max(100_000)
  .nullable()
  .meta({ description: 'How many events a second may be posted, counted by the minute; null: as many as come.' });
const name = text(MAX_NAME)
  .nullable()
  .meta({ description: 'What people call it; null: nothing.', examples: ['Acme Inc.'] });

const unknownTypes = z
  .enum(['accept', 'refuse'])
  .meta({ id: 'UnknownTypes', description: 'What happens to events whose type is not in the catalogue.' });
const dataCheck = z.enum(['off', 'warn', 'refuse']).meta({
  id: 'DataCheck',
  description:
    'What happens to events whose data does not match the schema of their type: it is not compared, they are accepted with a warning, or refused.',
});

const EXAMPLE = {
  id: EXAMPLE_IDS.tenant,
  name: 'Acme Inc.',
  events_per_second: 100,
  unknown_types: 'accept',
  data_check: 'off',
} as const;

const settings = {
  name: name.optional(),
  events_per_second: eventsPerSecond.optional(),
  unknown_types: unknownTypes
    .nullable()
    .optional()
    .meta({ description: 'null: as the deployment has it.', examples: ['refuse'] }),
  data_check: dataCheck
    .nullable()
    .optional()
    .meta({ description: 'null: as the deployment has it.', examples: ['warn'] }),
};

export const tenantCreate = z
  .strictObject({ id: tenantId, ...settings })
  .meta({ id: 'TenantCreate', description: 'A tenant to register.', examples: [EXAMPLE] });

export const tenantUpdate = z
  .strictObject(settings)
  .refine((edit) => Object.keys(edit).length > 0, 'must have at least one field to change')
  .meta({ id: 'TenantUpdate', minProperties: 1, description: 'What to set.', examples: [{ events_per_second: 100 }] });

export const tenant = z
  .object({
    id: z.string().meta({ description: 'The id of the tenant.' }),
    name,
    events_per_second: eventsPerSecond,
    unknown_types: unknownTypes,
    data_check: dataCheck,
    registered_at: timestamp.nullable().meta({
      description: 'When it was created, or first used; null: nothing is known of it.',
    }),
    erased_at: timestamp.nullable().meta({
      description:
        'When it was erased; null: it was not. Its id stays taken for as long as the log is kept: nothing is stored for it.',
    }),
  })
  .meta({
    id: 'Tenant',
    description: 'What the platform has set for a tenant.',
    examples: [{ ...EXAMPLE, registered_at: '2026-02-06T12:00:00.000Z', erased_at: null }],
  });
export const tenantPage = pageOf('TenantList', tenant);
export type TenantJson = z.infer<typeof tenant>;
export type PolicyEdit = Pick<z.output<typeof tenantUpdate>, 'unknown_types' | 'data_check'>;
