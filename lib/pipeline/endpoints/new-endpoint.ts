import type { FirstSecret, PreviousSecret, firstSecrets } from '../../dialects/first-secrets.ts';
import { dialectNameOf, dialectOf } from '../../dialects/index.ts';
import { defaultRetry } from '../../dialects/retry-presets.ts';
import { newKeyPair } from '../../dialects/standard/key-pair.ts';
import type { Endpoint, EndpointSettings, SealedSecret } from '../../domain/endpoint.ts';
import type { EndpointAuth } from '../../domain/endpoint-auth.ts';
import type { RetryPolicy } from '../../domain/retry-schedule.ts';
import type { Ports } from '../../ports/ports.ts';
import { sealAuth, sealHeaders, sealKeyPair, sealSecret } from '../delivery/secrets.ts';

/** A validated input for an endpoint. */
export interface NewEndpoint extends Omit<EndpointSettings, 'retry'> {
  dialect: string;
  kind?: 'poll';
  /** What it begins as; default: active. */
  status?: 'active' | 'paused' | 'disabled';
  /** By lower-case name. */
  headers?: Record<string, string>;
  auth?: EndpointAuth;
  /** Absent: that of its dialect. */
  retry?: RetryPolicy;
  /** The secret that the customer already has; absent: a new one is made. */
  signingSecret?: string;
  /** It signs beside that one; left out when it has ended. */
  previousSecret?: PreviousSecret;
}

/** The endpoint of an input as it is stored: what is secret is sealed. @param at milliseconds since the Unix epoch */
export async function newEndpoint(
  { random, secrets }: Pick<Ports, 'random' | 'secrets'>,
  input: NewEndpoint,
  { signing, standard }: ReturnType<typeof firstSecrets>,
  { shard, at, ...named }: Pick<Endpoint, 'tenantId' | 'id'> & { shard: number; at: number },
): Promise<Endpoint> {
  const { signingSecret: _, previousSecret, headers, auth, status = 'active', ...fields } = input;
  const { autoResume = dialectOf(input).breaker.autoResume, retry = defaultRetry(dialectNameOf(input)) } = input;
  const seal = async ({ secret, ...notes }: FirstSecret) => ({
    ...(await sealSecret(secrets, named, secret, at)),
    ...notes,
  });
  return {
    ...fields,
    autoResume,
    ...named,
    status,
    ...(status !== 'active' && { statusReason: 'manual' as const }),
    shard,
    generation: 1,
    retry,
    ...(headers && { headers: await sealHeaders(secrets, named, headers) }),
    ...(auth && { auth: await sealAuth(secrets, named, auth) }),
    secrets: [await seal(signing), ...(await sealPrevious({ secrets }, named, previousSecret, at))],
    ...(standard && { standardSecrets: [await seal(standard)] }),
    ...(input.asymmetricSigning && { privateKeys: [await sealKeyPair(secrets, named, newKeyPair(random), at)] }),
    createdAt: at,
    updatedAt: at,
  };
}

/** It was made before the endpoint: its time tells it from the secret that the endpoint was created with. */
async function sealPrevious(
  { secrets }: Pick<Ports, 'secrets'>,
  endpoint: Pick<Endpoint, 'tenantId' | 'id'>,
  previous: PreviousSecret | undefined,
  now: number,
): Promise<SealedSecret[]> {
  if (!previous || previous.expiresAt <= now) return [];
  return [{ ...(await sealSecret(secrets, endpoint, previous.secret, now - 1)), expiresAt: previous.expiresAt }];
}
