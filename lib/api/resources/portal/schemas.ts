import * as z from 'zod';
import { ACCESSES, SCREENS } from '../../../domain/portal-session.ts';
import { EXAMPLE_IDS } from '../../schemas/ids.ts';
import { ofPlatform } from '../../schemas/of-platform.ts';
import { pageOf, pageQuery } from '../../schemas/pages.ts';
import { text } from '../../schemas/text.ts';
import { timestamp } from '../../schemas/times.ts';
import { portalTheme, portalThemeGiven } from './theme-schema.ts';

const MAX_USER = 128;

const access = z.enum(ACCESSES).meta({ id: 'PortalAccess', description: 'Whether it may change anything.' });
const screen = z.enum(SCREENS).meta({ id: 'PortalScreen', description: 'A screen of the console.' });
const user = text(MAX_USER).meta({
  description: 'Who uses it, as your platform names people: it stands in the audit log.',
  examples: ['ada@acme.example'],
});

export const portalSessionParam = z.strictObject({
  id: z
    .string()
    .regex(/^ses_[0-9A-HJKMNP-TV-Z]{26}$/)
    .meta({ description: 'The id of a session.', examples: [EXAMPLE_IDS.session] }),
});

export const portalSessionListQuery = z.strictObject({ ...pageQuery, ...ofPlatform });

export const portalSessionCreate = z
  .strictObject({
    user,
    access: access.default('read'),
    screens: z
      .array(screen)
      .min(1)
      .max(SCREENS.length)
      .refine((screens) => new Set(screens).size === screens.length, 'must not name a screen twice')
      .optional()
      .meta({
        description: 'What it shows, in this order. The default is all of its kind.',
        examples: [['endpoints', 'history']],
      }),
    theme: portalThemeGiven.optional(),
  })
  .meta({
    id: 'PortalSessionCreate',
    description: 'A session to make.',
    examples: [{ user: 'ada@acme.example', access: 'manage', screens: ['endpoints', 'history'] }],
  });

const status = z.enum(['unopened', 'live', 'expired', 'revoked']).meta({
  id: 'PortalSessionStatus',
  description: 'Unopened: its code waits to be exchanged. Only the token of a live one is accepted.',
});

const EXAMPLE = {
  id: EXAMPLE_IDS.session,
  tenant_id: EXAMPLE_IDS.tenant,
  user: 'ada@acme.example',
  access: 'manage',
  screens: ['endpoints', 'history'] as const,
  scopes: ['endpoints:read', 'endpoints:write', 'deliveries:read', 'portal:use'] as const,
  theme: { name: null, logo: null, accent: '#0a7d5c', radius: null, font: null, mode: null },
  status: 'live',
  created_by: EXAMPLE_IDS.apiKey,
  created_at: '2026-02-06T12:00:00.000Z',
  opened_at: '2026-02-06T12:00:02.000Z',
  expires_at: '2026-02-06T13:00:02.000Z',
  revoked_at: null,
} as const;

export const portalSession = z
  .object({
    id: z.string().meta({ description: 'The id of the session.' }),
    tenant_id: z.string().nullable().meta({ description: 'Whose session it is; null: the platform’s own.' }),
    user,
    access,
    screens: z.array(screen).meta({ description: 'What it shows, in this order.' }),
    scopes: z.array(z.string()).meta({ description: 'What it may do: what its screens need.' }),
    theme: portalTheme,
    status,
    created_by: z.string().meta({ description: 'The key, or the session, that made it.' }),
    created_at: timestamp.meta({ description: 'When it was made.' }),
    opened_at: timestamp.nullable().meta({ description: 'When its code was exchanged for its token.' }),
    expires_at: timestamp.meta({ description: 'When it ends; before it is opened: when its code does.' }),
    revoked_at: timestamp.nullable().meta({ description: 'When it was revoked.' }),
  })
  .meta({ id: 'PortalSession', description: 'A person’s session in the console.', examples: [EXAMPLE] });

export const portalSessionCreated = portalSession
  .extend({
    code: z.string().meta({ description: 'Good once, for a minute: shown here and never again.' }),
    code_expires_at: timestamp.meta({ description: 'When the code ends.' }),
    url: z.string().nullable().meta({
      description:
        'The link for the person’s browser. Null where the deployment does not know the address of its console: append `#code=` and the code to that.',
    }),
  })
  .meta({
    id: 'PortalSessionCreated',
    description: 'A new session, and the link that opens it.',
    examples: [
      {
        ...EXAMPLE,
        status: 'unopened',
        opened_at: null,
        expires_at: '2026-02-06T12:01:00.000Z',
        code: 'prc_…',
        code_expires_at: '2026-02-06T12:01:00.000Z',
        url: 'https://hooks.example.com/#code=prc_…',
      },
    ],
  });

export const portalSessionOpened = z
  .object({
    token: z.string().meta({ description: 'Sent as an API key is: shown here and never again.' }),
    session: portalSession,
  })
  .meta({
    id: 'PortalSessionOpened',
    description: 'A session that was opened, with its token.',
    examples: [{ token: 'prs_…', session: EXAMPLE }],
  });

export const portalUserRevokeQuery = z.strictObject({ cursor: pageQuery.cursor, ...ofPlatform });

export const portalUserRevoke = z.strictObject({ user }).meta({
  id: 'PortalUserRevoke',
  description: 'Whose sessions end: the `user` that they were made with.',
  examples: [{ user: 'ada@acme.example' }],
});

export const portalUserRevoked = z
  .object({
    revoked: z.int().min(0).meta({ description: 'How many sessions and links this call ended.' }),
    next_cursor: z
      .string()
      .nullable()
      .meta({ description: 'Call again with it as `cursor`: there were too many for one call; null: all have ended.' }),
  })
  .meta({
    id: 'PortalUserRevoked',
    description: 'What was ended.',
    examples: [{ revoked: 2, next_cursor: null }],
  });

export const portalSessionPage = pageOf('PortalSessionList', portalSession);
export type PortalSessionJson = z.infer<typeof portalSession>;
