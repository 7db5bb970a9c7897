import * as z from 'zod';
import { instant, timestamp } from '../../schemas/times.ts';

const DAY_SECONDS = 86_400;
const MAX_OVERLAP_DAYS = 30;

const secretUse = z.enum(['signing', 'standard', 'asymmetric']).meta({
  id: 'SecretUse',
  description:
    'What a secret signs: the dialect’s own signature, the headers of `also_standard` where they have one of their own, or asymmetric signatures.',
});

export const previousSecret = z
  .strictObject({
    signing_secret: z.string().max(256).meta({ description: 'The secret that the receiver had before.' }),
    expires_at: instant.meta({
      description: 'It signs until then. Once that has passed, it is left out.',
      examples: ['2026-02-07T12:00:00Z'],
    }),
  })
  .meta({
    id: 'PreviousSecret',
    description:
      'For an endpoint that moves in while its secret is being replaced: both sign. Only where requests have room for both signatures.',
    examples: [
      { signing_secret: 'whsec_YW4gb2xkZXIgc2VjcmV0IG9mIHRoZSByZWNlaXZlcg==', expires_at: '2026-02-07T12:00:00Z' },
    ],
  });

export const secretRotation = z
  .strictObject({
    use: secretUse.default('signing'),
    signing_secret: z.string().max(256).optional().meta({
      description: 'A secret that the receiver has already; without it one is made. Not for `asymmetric`.',
    }),
    overlap_seconds: z
      .int()
      .min(0)
      .max(MAX_OVERLAP_DAYS * DAY_SECONDS)
      .optional()
      .meta({
        description:
          'How long the old secret goes on signing beside the new one, where requests carry both signatures. The default is a day; 0 ends it now.',
      }),
    activate_in_seconds: z
      .int()
      .min(0)
      .max(MAX_OVERLAP_DAYS * DAY_SECONDS)
      .optional()
      .meta({
        description:
          'When the new secret takes over from the old one, where a request carries one signature. The default is at once.',
        examples: [3600],
      }),
  })
  .meta({
    id: 'SecretRotation',
    description: 'How a secret is replaced.',
    examples: [
      { use: 'signing', signing_secret: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3', overlap_seconds: DAY_SECONDS },
      { activate_in_seconds: 3600 },
    ],
  });

const EXAMPLE = {
  use: 'signing' as const,
  fingerprint: '5d41402a',
  created_at: '2026-02-06T11:58:00.000Z',
  activates_at: null,
  expires_at: null,
};

export const secretShown = z
  .object({
    use: secretUse,
    fingerprint: z.string().meta({
      description: 'Names it in the attempts that it signed (`signed_with`). It says nothing of the secret itself.',
    }),
    created_at: timestamp.meta({ description: 'When it was made.' }),
    activates_at: timestamp
      .nullable()
      .meta({ description: 'Requests are signed with it from then on; null: at once.' }),
    expires_at: timestamp.nullable().meta({ description: 'Requests are signed with it until then; null: always.' }),
  })
  .meta({ id: 'EndpointSecret', description: 'A secret of an endpoint, without the secret.', examples: [EXAMPLE] });

const EXAMPLE_PUBLIC_KEY = 'whpk_0MPTSHFNXxQ3g4Do7x+Sb/1BvR4/OKv3KNuEJFExSC8=';

const publicKey = z
  .object({
    public_key: z.string().meta({ description: '`whpk_` and the base64 of an Ed25519 public key.' }),
    fingerprint: z.string().meta({ description: 'Names it in the attempts that it signed.' }),
    expires_at: timestamp.nullable().meta({ description: 'It verifies what was signed until then; null: always.' }),
  })
  .meta({
    id: 'PublicKey',
    description: 'What verifies asymmetric signatures.',
    examples: [{ public_key: EXAMPLE_PUBLIC_KEY, fingerprint: '5d41402a', expires_at: null }],
  });

export const publicKeys = z
  .object({
    public_key: z.string().meta({ description: 'The newest one.' }),
    public_keys: z.array(publicKey).meta({ description: 'All that requests are signed for now, newest first.' }),
  })
  .meta({
    id: 'PublicKeys',
    description: 'What verifies the asymmetric signatures (`v1a`) of an endpoint’s requests.',
    examples: [
      {
        public_key: EXAMPLE_PUBLIC_KEY,
        public_keys: [{ public_key: EXAMPLE_PUBLIC_KEY, fingerprint: '5d41402a', expires_at: null }],
      },
    ],
  });

export type SecretJson = z.infer<typeof secretShown>;
export type PublicKeysJson = z.infer<typeof publicKeys>;
