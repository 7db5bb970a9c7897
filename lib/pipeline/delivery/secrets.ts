import type { KeyPair } from '../../dialects/standard/key-pair.ts';
import type { Endpoint, SealedSecret } from '../../domain/endpoint.ts';
import { fingerprintOf } from '../../domain/secret-rotation.ts';
import type { SecretBox } from '../../ports/secret-box.ts';

type Owner = Pick<Endpoint, 'tenantId' | 'id'>;

/** What a sealed secret is bound to. */
function contextOf(endpoint: Owner): string {
  return `${endpoint.tenantId}/${endpoint.id}`;
}

export async function sealSecret(box: SecretBox, endpoint: Owner, secret: string, now: number): Promise<SealedSecret> {
  return { sealed: await box.seal(secret, contextOf(endpoint)), createdAt: now };
}

/** A new private key that signs beside an endpoint's secrets. */
export async function sealKeyPair(
  box: SecretBox,
  endpoint: Owner,
  { privateKey, publicKey }: KeyPair,
  now: number,
): Promise<SealedSecret> {
  return { ...(await sealSecret(box, endpoint, privateKey, now)), publicKey };
}

/** A list whose secrets are sealed with the newest key, and are known by the same fingerprints. */
export function resealSecrets(
  box: SecretBox,
  endpoint: Owner,
  secrets: readonly SealedSecret[],
): Promise<SealedSecret[]> {
  return Promise.all(
    secrets.map(async (secret) => {
      const sealed = await box.reseal(secret.sealed, contextOf(endpoint));
      return sealed === undefined ? secret : { ...secret, sealed, fingerprint: fingerprintOf(secret) };
    }),
  );
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

/** The one of a list that an endpoint was created with; undefined when it is destroyed, or was replaced since. */
export async function openFirstSecret(
  box: SecretBox,
  endpoint: Owner & Pick<Endpoint, 'createdAt'>,
  secrets: readonly SealedSecret[],
): Promise<string | undefined> {
  const first = secrets.at(-1);
  return first?.createdAt === endpoint.createdAt ? box.open(first.sealed, contextOf(endpoint)) : undefined;
}
