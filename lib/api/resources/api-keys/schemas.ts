import * as z from 'zod';
import { SCOPES } from '../../auth/scopes.ts';
import { EXAMPLE_IDS } from '../../schemas/ids.ts';
import { ofPlatform } from '../../schemas/of-platform.ts';
import { pageOf, pageQuery } from '../../schemas/pages.ts';
import { text } from '../../schemas/text.ts';
import { instant, timestamp } from '../../schemas/times.ts';

const MAX_NAME = 100;
const DAY_SECONDS = 86_400;
const MAX_OVERLAP_SECONDS = 30 * DAY_SECONDS;

const scope = z.enum(SCOPES).meta({ id: 'Scope', description: 'What a key may be allowed.' });

export const apiKeyParam = z.strictObject({
  id: z
    .string()
    .regex(/^key_[0-9A-HJKMNP-TV-Z]{26}$/)
    .meta({ description: 'The id of an API key.', examples: [EXAMPLE_IDS.apiKey] }),
});

export const apiKeyListQuery = z.strictObject({ ...pageQuery, ...ofPlatform });

export const apiKeyCreate = z
  .strictObject({
    name: text(MAX_NAME).meta({ description: 'What people call it.', examples: ['CI'] }),
    scopes: z
      .array(scope)
      .min(1)
      .max(SCOPES.length)
      .optional()
      .meta({ description: 'What it may do, at most what your key may. The default is all of that.' }),
    expires_at: instant.optional().meta({
      description: 'It is good until then. The default: until it is revoked.',
      examples: ['2027-02-06T12:00:00Z'],
    }),
  })
  .meta({
    id: 'ApiKeyCreate',
    description: 'A key to create.',
    examples: [{ name: 'CI', scopes: ['events:write'], expires_at: '2027-02-06T12:00:00Z' }],
  });

export const apiKeyRotate = z
  .strictObject({
    overlap_seconds: z
      .int()
      .min(0)
      .max(MAX_OVERLAP_SECONDS)
      .default(DAY_SECONDS)
      .meta({ description: 'How long the old key stays good beside the new one.', examples: [3600] }),
  })
  .meta({ id: 'ApiKeyRotate', description: 'How a key is replaced.', examples: [{ overlap_seconds: 3600 }] });

const status = z
  .enum(['live', 'expired', 'revoked'])
  .meta({ id: 'ApiKeyStatus', description: 'Only a live key is accepted.' });

const EXAMPLE = {
  id: EXAMPLE_IDS.apiKey,
  tenant_id: EXAMPLE_IDS.tenant,
  name: 'CI',
  prefix: 'prk_5xQ7mB2k',
  scopes: ['events:write'] as const,
  status: 'live',
  created_at: '2026-02-06T12:00:00.000Z',
  expires_at: '2027-02-06T12:00:00.000Z',
  revoked_at: null,
  last_used_at: '2026-02-07T08:00:00.000Z',
} as const;

export const apiKey = z
  .object({
    id: z.string().meta({ description: 'The id of the key.' }),
    tenant_id: z.string().nullable().meta({ description: 'Whose key it is; null: the platform’s own.' }),
    name: z.string().nullable().meta({ description: 'What people call it.' }),
    prefix: z.string().nullable().meta({ description: 'Its first characters. The whole key is not stored.' }),
    scopes: z.array(z.string()).meta({ description: 'What it may do.' }),
    status,
    created_at: timestamp.meta({ description: 'When it was created.' }),
    expires_at: timestamp.nullable().meta({ description: 'When it expires; null: never.' }),
    revoked_at: timestamp.nullable().meta({ description: 'When it was revoked.' }),
    last_used_at: timestamp.nullable().meta({ description: 'When it was last used, to the hour.' }),
  })
  .meta({ id: 'ApiKey', description: 'A key of the API, without the key itself.', examples: [EXAMPLE] });

export const apiKeyCreated = apiKey
  .extend({ secret: z.string().meta({ description: 'The key: shown here and never again.' }) })
  .meta({
    id: 'ApiKeyCreated',
    description: 'A new key.',
    examples: [{ ...EXAMPLE, last_used_at: null, secret: 'prk_…' }],
  });

export const apiKeyPage = pageOf('ApiKeyList', apiKey);
export type ApiKeyJson = z.infer<typeof apiKey>;
