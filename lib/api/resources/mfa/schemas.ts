import * as z from 'zod';
import { text } from '../../schemas/text.ts';
import { timestamp } from '../../schemas/times.ts';

const MAX_CODE = 64;

const status = z.enum(['off', 'pending', 'on']).meta({
  id: 'MfaStatus',
  description: 'Pending: enrolled, but no code has confirmed it, so no call asks for one.',
});

export const mfaCode = z
  .strictObject({
    code: text(MAX_CODE).meta({
      description: 'The six digits that the app shows, or a recovery code.',
      examples: ['492039'],
    }),
  })
  .meta({
    id: 'MfaCode',
    description: 'A code of the second factor. Each is good once.',
    examples: [{ code: '492039' }],
  });

export const mfa = z
  .object({
    status,
    required: z.boolean().meta({ description: 'Does this deployment refuse sensitive calls without a second factor?' }),
    recovery_codes_left: z.int().meta({ description: 'How many recovery codes are not used.', examples: [10] }),
    locked_until: timestamp.nullable().meta({ description: 'Until when no code is accepted; null: it is not locked.' }),
  })
  .meta({
    id: 'Mfa',
    description: 'The second factor of the key’s owner: its tenant, or the platform.',
    examples: [{ status: 'on', required: false, recovery_codes_left: 10, locked_until: null }],
  });
export type MfaJson = z.infer<typeof mfa>;

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

export const mfaEnrolment = z
  .object({
    secret: z.string().meta({ description: 'For typing into an app: shown here and never again.' }),
    otpauth_uri: z.string().meta({ description: 'The same for an app that reads QR codes: show it as one.' }),
  })
  .meta({
    id: 'MfaEnrolment',
    description: 'A new second factor, which waits for its first code.',
    examples: [
      {
        secret: SECRET,
        otpauth_uri: `otpauth://totp/Postrider:org_abc123?issuer=Postrider&secret=${SECRET}&algorithm=SHA1&digits=6&period=30`,
      },
    ],
  });

export const recoveryCodes = z
  .object({
    recovery_codes: z
      .array(z.string())
      .meta({ description: 'Ten codes, each good once in the place of an app’s: shown here and never again.' }),
  })
  .meta({
    id: 'RecoveryCodes',
    description: 'Codes for the day on which the app is lost.',
    examples: [{ recovery_codes: ['k7pm-2x9q-w4tc-8hvn'] }],
  });

export const stepUp = z
  .object({ expires_at: timestamp.meta({ description: 'Until when this key needs no code.' }) })
  .meta({
    id: 'StepUp',
    description: 'A key that needs no code for ten minutes.',
    examples: [{ expires_at: '2026-02-06T12:10:00.000Z' }],
  });
