import type { Endpoint, SealedSecret } from '../../domain/endpoint.ts';
import type { SecretBox } from '../../ports/secret-box.ts';

type Owner = Pick<Endpoint, 'tenantId' | 'id'>;

/** What a sealed secret is bound to. */
function contextOf(endpoint: Owner): string {
  return `${endpoint.tenantId}/${endpoint.id}`;
}

export async function sealSecret(box: SecretBox, endpoint: Owner, secret: string, now: number): Promise<SealedSecret> {
  return { sealed: await box.seal(secret, contextOf(endpoint)), createdAt: now };
}

/** Those of a list that are in force, in its order: newest first. */
export function inForce(secrets: readonly SealedSecret[], now: number): SealedSecret[] {
  return secrets.filter(
    ({ activatesAt = now, expiresAt }) => activatesAt <= now && (expiresAt === undefined || expiresAt > now),
  );
}

/** In the order of the list. */
export function openSecrets(box: SecretBox, endpoint: Owner, secrets: readonly SealedSecret[]): Promise<string[]> {
  return Promise.all(secrets.map(({ sealed }) => box.open(sealed, contextOf(endpoint))));
}

/** The first one of a list that an endpoint was created with; undefined when it is destroyed. */
export async function openFirstSecret(
  box: SecretBox,
  endpoint: Owner,
  secrets: readonly SealedSecret[],
): Promise<string | undefined> {
  const first = secrets.at(-1);
  return first && box.open(first.sealed, contextOf(endpoint));
}
