import type { Endpoint, SealedSecret } from '../../domain/endpoint.ts';
import type { SecretBox } from '../../ports/secret-box.ts';

/** What a sealed secret is bound to. */
function contextOf(endpoint: Pick<Endpoint, 'tenantId' | 'id'>): string {
  return `${endpoint.tenantId}/${endpoint.id}`;
}

export async function sealSecret(
  box: SecretBox,
  endpoint: Pick<Endpoint, 'tenantId' | 'id'>,
  secret: string,
  now: number,
): Promise<SealedSecret> {
  return { sealed: await box.seal(secret, contextOf(endpoint)), createdAt: now };
}

/** The secrets to sign with, newest first: those that have not ended. */
export async function openSecrets(box: SecretBox, endpoint: Endpoint, now: number): Promise<string[]> {
  const valid = endpoint.secrets.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
  return Promise.all(valid.map(({ sealed }) => box.open(sealed, contextOf(endpoint))));
}

/** The secret that the endpoint was created with; undefined when it is destroyed. */
export async function openFirstSecret(box: SecretBox, endpoint: Endpoint): Promise<string | undefined> {
  const first = endpoint.secrets.at(-1);
  return first && box.open(first.sealed, contextOf(endpoint));
}
