import * as z from 'zod';
import { refuseSchema } from '../../../domain/data-schema.ts';
import { category, eventType as eventTypeName, ownEventType } from '../../schemas/event-type.ts';
import { ofPlatform } from '../../schemas/of-platform.ts';
import { pageOf, pageQuery } from '../../schemas/pages.ts';
import { text } from '../../schemas/text.ts';
import { timestamp } from '../../schemas/times.ts';

const MAX_DESCRIPTION = 500;
const MAX_EXAMPLE_BYTES = 4096;

const EXAMPLE_SCHEMA = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };
const EXAMPLE = {
  type: 'task.completed',
  description: 'A task was completed',
  category: 'Task Events',
  schema: EXAMPLE_SCHEMA,
  example: { id: 'TASK-001' },
  deprecated: false,
};
const TIMES = { created_at: '2026-02-06T12:00:00.000Z', updated_at: '2026-02-06T12:00:00.000Z' };

/** What is no event type can't be there, and is answered like an unknown id. */
export const eventTypeParam = z.strictObject({
  id: eventTypeName.meta({ description: 'An event type.', examples: [EXAMPLE.type] }),
});

export const eventTypeQuery = z.strictObject({ ...pageQuery, ...ofPlatform });

/** Any JSON Schema, which is described by its own rules. */
const schema = z
  .unknown()
  .superRefine((value, context) => {
    const message = value === null ? undefined : refuseSchema(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({
    type: ['object', 'null'],
    description:
      'Of `data`: JSON Schema 2020-12 without regular expressions, recursion and references to elsewhere, at most 8,192 bytes; null: none.',
    examples: [EXAMPLE_SCHEMA],
  });

const example = z
  .unknown()
  .refine((value) => Buffer.byteLength(JSON.stringify(value) ?? '') <= MAX_EXAMPLE_BYTES, 'must be at most 4,096 bytes')
  .meta({ description: 'An example of `data`, at most 4,096 bytes; null: none.', examples: [EXAMPLE.example] });

const description = text(MAX_DESCRIPTION).meta({ description: 'What it means, in a sentence.' });

const fields = {
  category: category
    .nullable()
    .optional()
    .meta({ description: 'Endpoints subscribe to all its types by `@` and its name; null: none.' }),
  schema: schema.optional(),
  example: example.optional(),
  deprecated: z.boolean().optional().meta({ description: 'Should nobody subscribe to it any more?' }),
};

export const eventTypeCreate = z
  .strictObject({ type: ownEventType, description, ...fields })
  .meta({ id: 'EventTypeCreate', description: 'An event type to add.', examples: [EXAMPLE] });

export const eventTypeUpdate = z
  .strictObject({ description: description.optional(), ...fields })
  .refine((edit) => Object.keys(edit).length > 0, 'must have at least one field to change')
  .meta({
    id: 'EventTypeUpdate',
    minProperties: 1,
    description: 'What to change.',
    examples: [{ description: 'A task was done', category: 'Task Events', deprecated: true }],
  });
export type EventTypeEdit = z.output<typeof eventTypeUpdate>;

export const eventType = z
  .object({
    tenant_id: z.string().nullable().meta({ description: 'Whose it is; null: the platform’s, for all tenants.' }),
    type: z.string().meta({ description: 'The type, as it is posted.' }),
    description: z.string().meta({ description: 'What it means, in a sentence.' }),
    category: z.string().nullable().meta({ description: 'Its category; null: none.' }),
    schema: z.unknown().meta({ description: 'The JSON Schema of `data`; null: none.' }),
    example: z.unknown().meta({ description: 'An example of `data`; null: none.' }),
    deprecated: z.boolean().meta({ description: 'Should nobody subscribe to it any more?' }),
    created_at: timestamp.meta({ description: 'When it was added.' }),
    updated_at: timestamp.meta({ description: 'When it was last changed.' }),
  })
  .meta({
    id: 'EventType',
    description: 'An event type of the catalogue.',
    examples: [{ tenant_id: null, ...EXAMPLE, ...TIMES }],
  });
export type EventTypeJson = z.infer<typeof eventType>;
export const eventTypePage = pageOf('EventTypeList', eventType);

export const adoption = z
  .object({
    added: z.int().meta({ description: 'How many types were added.' }),
    kept: z.int().meta({ description: 'How many were in the catalogue already, and stay as they are.' }),
  })
  .meta({ id: 'Adoption', description: 'What became of a dialect’s types.', examples: [{ added: 12, kept: 0 }] });
