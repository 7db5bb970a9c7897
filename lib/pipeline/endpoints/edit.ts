import { newKeyPair } from '../../dialects/standard/key-pair.ts';
import { isStandardSecret } from '../../dialects/standard/signing.ts';
import { standard } from '../../dialects/standard/standard.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import type { EndpointAuth } from '../../domain/endpoint-auth.ts';
import type { Ports } from '../../ports/ports.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import { openSecrets, sealAuth, sealHeaders, sealKeyPair, sealSecret } from '../delivery/secrets.ts';
import { type ChangePorts, existing } from './change-status.ts';
import type { Expected } from './expected.ts';
import { type SealedEdit, updateEndpoint } from './update.ts';

/** A validated edit: null removes. */
export interface EndpointEdit extends Omit<SealedEdit, 'headers' | 'auth' | 'standardSecrets' | 'privateKeys'> {
  /** By lower-case name: they take the place of all others. */
  headers?: Record<string, string>;
  auth?: EndpointAuth | null;
}

/** An edit's result, and the second secret that it made. */
export interface EditedEndpoint {
  endpoint: Endpoint;
  standardSecret?: string;
}

/**
 * {@link updateEndpoint}. An edit that adds the headers of Standard Webhooks makes a secret for them where the
 * endpoint has none of their form; it is shown in this answer only. One that adds asymmetric signatures makes a key pair.
 * @throws RequestError as updateEndpoint; `precondition-failed` too when the endpoint changes while a secret is made
 */
export async function editEndpoint(
  ports: ChangePorts & Pick<Ports, 'secrets' | 'random'>,
  tenantId: string,
  endpointId: string,
  asked: EndpointEdit,
  isExpected?: Expected,
): Promise<EditedEndpoint> {
  const edit = await sealEdit(ports.secrets, { tenantId, id: endpointId }, asked);
  if (!edit.alsoStandard && !edit.asymmetricSigning) {
    return { endpoint: await updateEndpoint(ports, tenantId, endpointId, edit, isExpected) };
  }
  const before = await existing(ports, tenantId, endpointId);
  const { standardSecret, ...made } = await newSecrets(ports, before, edit);
  if (Object.keys(made).length === 0) {
    return { endpoint: await updateEndpoint(ports, tenantId, endpointId, edit, isExpected) };
  }
  // Of two edits at once, only one may show the secret that is used.
  const isUnchanged = (generation: number) =>
    generation === before.generation && (isExpected === undefined || isExpected(generation));
  const endpoint = await updateEndpoint(ports, tenantId, endpointId, { ...edit, ...made }, isUnchanged);
  return { endpoint, ...(standardSecret !== undefined && { standardSecret }) };
}

/** What an edit needs and the endpoint does not have yet. */
async function newSecrets(
  ports: Pick<Ports, 'secrets' | 'random' | 'clock'>,
  before: Endpoint,
  { alsoStandard, asymmetricSigning }: SealedEdit,
): Promise<Pick<SealedEdit, 'standardSecrets' | 'privateKeys'> & { standardSecret?: string }> {
  const now = ports.clock.now();
  const theirs = (before.standardSecrets ?? before.secrets).filter(({ expiresAt = Infinity }) => expiresAt > now);
  const opened = alsoStandard ? await openSecrets(ports.secrets, before, theirs) : [];
  // At each moment one of them has to sign, also once those that a rotation left have ended, and before its new one begins.
  const needsSecret = opened.length > 0 && !opened.every(isStandardSecret);
  const needsKeys = asymmetricSigning && !before.privateKeys && before.status !== 'revoked';
  const standardSecret = needsSecret ? standard.newSecret(ports.random) : undefined;
  return {
    ...(standardSecret !== undefined && {
      standardSecret,
      standardSecrets: [await sealSecret(ports.secrets, before, standardSecret, now)],
    }),
    ...(needsKeys && { privateKeys: [await sealKeyPair(ports.secrets, before, newKeyPair(ports.random), now)] }),
  };
}

async function sealEdit(
  box: SecretBox,
  endpoint: Pick<Endpoint, 'tenantId' | 'id'>,
  { headers, auth, ...edit }: EndpointEdit,
): Promise<SealedEdit> {
  const hasHeaders = headers !== undefined && Object.keys(headers).length > 0;
  return {
    ...edit,
    ...(headers && { headers: hasHeaders ? await sealHeaders(box, endpoint, headers) : null }),
    ...(auth !== undefined && { auth: auth && (await sealAuth(box, endpoint, auth)) }),
  };
}
