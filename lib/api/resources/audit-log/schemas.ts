import * as z from 'zod';
import { EXAMPLE_IDS } from '../../schemas/ids.ts';
import { ofPlatform } from '../../schemas/of-platform.ts';
import { pageOf, pageQuery } from '../../schemas/pages.ts';
import { text } from '../../schemas/text.ts';
import { timeRange, timestamp } from '../../schemas/times.ts';

const MAX_FILTER = 128;

const outcome = z.enum(['done', 'refused', 'failed', 'unknown']).meta({
  id: 'AuditOutcome',
  description:
    'How a call ended. Refused: the caller had to change something. Failed: an error of ours. Unknown: not concluded, so it may have been done or not.',
});

export const auditQuery = z.strictObject({
  ...pageQuery,
  ...timeRange,
  ...ofPlatform,
  action: text(MAX_FILTER)
    .optional()
    .meta({ description: 'Only this action.', examples: ['api-keys.create'] }),
  key_id: text(MAX_FILTER)
    .optional()
    .meta({ description: 'Only what this key or session did.', examples: [EXAMPLE_IDS.apiKey] }),
  target: text(MAX_FILTER)
    .optional()
    .meta({ description: 'Only what was done to this.', examples: [EXAMPLE_IDS.endpoint] }),
  outcome: outcome.optional().meta({ description: 'Only calls that ended so.' }),
});

export const auditLine = z
  .object({
    id: z.string().meta({ description: 'The id of the line.' }),
    at: timestamp.meta({ description: 'When the call came.' }),
    tenant_id: z.string().nullable().meta({ description: 'Whose log it is; null: the platform’s own.' }),
    key_id: z.string().meta({ description: 'The key that called, or the session.' }),
    user: z.string().nullable().meta({ description: 'Who used the session that called; null: a key did.' }),
    action: z.string().meta({ description: 'What was called: resource and call.' }),
    target: z.string().nullable().meta({ description: 'The id of what it was done to; null: of nothing, or unknown.' }),
    address: z.string().nullable().meta({ description: 'The IP address that the call came from.' }),
    request_id: z.string().meta({ description: 'The `X-Request-Id` of the call.' }),
    outcome,
    code: z.string().nullable().meta({ description: 'The code of the problem that the caller was told; null: none.' }),
  })
  .meta({
    id: 'AuditLine',
    description: 'A change that somebody made, or was refused.',
    examples: [
      {
        id: EXAMPLE_IDS.auditLine,
        at: '2026-02-06T12:00:00.000Z',
        tenant_id: EXAMPLE_IDS.tenant,
        key_id: EXAMPLE_IDS.apiKey,
        user: null,
        action: 'endpoints.pause',
        target: EXAMPLE_IDS.endpoint,
        address: '203.0.113.7',
        request_id: '4f1c2a90d7e35b68',
        outcome: 'done',
        code: null,
      },
    ],
  });
export const auditPage = pageOf('AuditLineList', auditLine);
export type AuditLineJson = z.infer<typeof auditLine>;
