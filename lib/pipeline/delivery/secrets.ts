import type { Signers } from '../../dialects/signers.ts';
import type { KeyPair } from '../../dialects/standard/key-pair.ts';
import { isStandardSecret } from '../../dialects/standard/signing.ts';
import type { Endpoint, SealedAuth, SealedHeaders, SealedSecret } from '../../domain/endpoint.ts';
import { type EndpointAuth, authHeader } from '../../domain/endpoint-auth.ts';
import { fingerprintOf } from '../../domain/secret-rotation.ts';
import type { SecretBox } from '../../ports/secret-box.ts';

type Owner = Pick<Endpoint, 'tenantId' | 'id'>;
type Values = Record<string, string>;

/** What a sealed text is bound to: one of each use, so that none opens in the place of another. */
function contextOf({ tenantId, id }: Owner, use?: 'headers' | 'auth'): string {
  return use === undefined ? `${tenantId}/${id}` : `${tenantId}/${id}/${use}`;
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

/** @param headers by lower-case name. Together, because one text costs one step to open, however many there are */
export async function sealHeaders(box: SecretBox, endpoint: Owner, headers: Values): Promise<SealedHeaders> {
  const sealed = await box.seal(JSON.stringify(headers), contextOf(endpoint, 'headers'));
  return { names: Object.keys(headers), sealed };
}

export async function sealAuth(box: SecretBox, endpoint: Owner, auth: EndpointAuth): Promise<SealedAuth> {
  const { name, value } = authHeader(auth);
  return { type: auth.type, name, sealed: await box.seal(value, contextOf(endpoint, 'auth')) };
}

/** What is secret in a request, opened. */
interface Opened {
  signers: Signers<string>;
  /** Fingerprints of those, newest first. */
  signedWith: string[];
  /** The endpoint's own headers, by lower-case name; undefined: none. */
  headers: Values | undefined;
}

/** Opens what one request is made with, each secret once, whatever it signs. */
export async function openForRequest(
  box: SecretBox,
  endpoint: Owner & Pick<Endpoint, 'headers' | 'auth'>,
  { own, standard, asymmetric }: Signers<SealedSecret>,
): Promise<Opened> {
  const sealed = new Map([...own, ...standard, ...asymmetric].map((secret) => [secret.sealed, secret]));
  const [texts, headers] = await Promise.all([
    openSecrets(box, endpoint, [...sealed.values()]),
    openHeaders(box, endpoint),
  ]);
  const textBySealed = new Map([...sealed.keys()].map((key, index) => [key, texts[index] as string]));
  const textOf = (secret: SealedSecret) => textBySealed.get(secret.sealed) as string;
  // A rotation may have brought a secret of another form beside one of theirs.
  const usable = standard.filter((secret) => isStandardSecret(textOf(secret)));
  return {
    signers: { own: own.map(textOf), standard: usable.map(textOf), asymmetric: asymmetric.map(textOf) },
    signedWith: [...new Set([...own, ...usable, ...asymmetric].map(fingerprintOf))],
    headers,
  };
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
  const first = secrets.findLast(({ createdAt }) => createdAt === endpoint.createdAt);
  return first && box.open(first.sealed, contextOf(endpoint));
}

async function openHeaders(
  box: SecretBox,
  endpoint: Owner & Pick<Endpoint, 'headers' | 'auth'>,
): Promise<Values | undefined> {
  const { headers, auth } = endpoint;
  if (!headers && !auth) return undefined;
  const [own, value] = await Promise.all([
    headers && box.open(headers.sealed, contextOf(endpoint, 'headers')),
    auth && box.open(auth.sealed, contextOf(endpoint, 'auth')),
  ]);
  return {
    ...(own !== undefined && (JSON.parse(own) as Values)),
    ...(auth && value !== undefined && { [auth.name]: value }),
  };
}

/**
 * An endpoint whose secrets, header values and auth are sealed with the newest key, each once, whatever it is used for.
 * The secrets are known by the same fingerprints. What is sealed so already stays as it is.
 */
export async function resealed(box: SecretBox, endpoint: Endpoint): Promise<Endpoint> {
  const { headers, auth } = endpoint;
  const anew = new Map<string, Promise<string | undefined>>();
  const once = (sealed: string, use?: 'headers' | 'auth') => {
    const sealing = anew.get(sealed) ?? box.reseal(sealed, contextOf(endpoint, use));
    anew.set(sealed, sealing);
    return sealing;
  };
  const resealList = (secrets: readonly SealedSecret[] = []) =>
    Promise.all(
      secrets.map(async (secret) => {
        const sealed = await once(secret.sealed);
        return sealed === undefined ? secret : { ...secret, sealed, fingerprint: fingerprintOf(secret) };
      }),
    );
  return {
    ...endpoint,
    secrets: await resealList(endpoint.secrets),
    ...(endpoint.standardSecrets && { standardSecrets: await resealList(endpoint.standardSecrets) }),
    ...(endpoint.privateKeys && { privateKeys: await resealList(endpoint.privateKeys) }),
    ...(headers && { headers: { ...headers, sealed: (await once(headers.sealed, 'headers')) ?? headers.sealed } }),
    ...(auth && { auth: { ...auth, sealed: (await once(auth.sealed, 'auth')) ?? auth.sealed } }),
  };
}
