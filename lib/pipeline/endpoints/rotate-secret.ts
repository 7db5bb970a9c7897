import type { Dialect } from '../../dialects/dialect.ts';
import { refuseSecret } from '../../dialects/first-secrets.ts';
import { dialectNameOf, dialectNamed } from '../../dialects/index.ts';
import { newKeyPair } from '../../dialects/standard/key-pair.ts';
import { isStandardSecret } from '../../dialects/standard/signing.ts';
import { standard } from '../../dialects/standard/standard.ts';
import { DAY } from '../../domain/durations.ts';
import type { Endpoint, SealedSecret } from '../../domain/endpoint.ts';
import { RequestError, changedMeanwhile } from '../../domain/errors.ts';
import { MAX_LIVE_SECRETS, type RotationTimes, rotated } from '../../domain/secret-rotation.ts';
import type { Ports } from '../../ports/ports.ts';
import { sealKeyPair, sealSecret } from '../delivery/secrets.ts';
import { existing } from './change-status.ts';
import { SUPERSEDED, repeatWhileSuperseded } from './superseded.ts';

export type RotatePorts = Pick<Ports, 'clock' | 'random' | 'endpoints' | 'secrets'>;

/** What is asked for; durations are milliseconds. */
export interface Rotation {
  /** Which: the dialect's, that of the headers of Standard Webhooks beside it, or the key pair of asymmetric signatures. */
  use: SecretUse;
  /** The secret that the customer already has; absent: a new one is made. */
  own?: string;
  /** How long the old one goes on signing beside the new one; default: a day. Only where requests have room for both. */
  overlapMs?: number;
  /** When the new one begins to sign, and the old one ends; default: at once. Only where there is room for one. */
  activateInMs?: number;
}

/** New secrets, which only the answer to this call shows. */
export interface RotatedSecrets {
  endpoint: Endpoint;
  signingSecret?: string;
  standardSecret?: string;
}

export type SecretUse = 'signing' | 'standard' | 'asymmetric';

const DEFAULT_OVERLAP = DAY;

/**
 * Replaces a secret of an endpoint. This raises the revision of its secrets and not its generation: failures that were
 * counted and rate slots that were reserved stay.
 * @throws RequestError `not-found`, `wrong-state` for a revoked endpoint and for one without that secret,
 *   `invalid-secret` when the dialect refuses it, `invalid-request` for times that the dialect has no room for,
 *   `too-many-secrets`
 */
export async function rotateSecret(
  ports: RotatePorts,
  tenantId: string,
  endpointId: string,
  rotation: Rotation,
): Promise<RotatedSecrets> {
  const tryOnce = async () => {
    const endpoint = await existing(ports, tenantId, endpointId);
    if (endpoint.status === 'revoked') {
      throw new RequestError('wrong-state', 'The endpoint is revoked, which is final. Create a new one.');
    }
    const { secrets, ...shown } = await ROTATE[rotation.use](ports, endpoint, rotation);
    const secretsRevision = (endpoint.secretsRevision ?? 0) + 1;
    const changed = { ...endpoint, ...secrets, secretsRevision };
    const isReplaced = await ports.endpoints.replaceSecretsIfRevision(changed, endpoint.secretsRevision ?? 0);
    return isReplaced ? { endpoint: changed, ...shown } : SUPERSEDED;
  };
  return repeatWhileSuperseded(ports, tryOnce, () => changedMeanwhile('endpoint'));
}

type Changed = Omit<RotatedSecrets, 'endpoint'> & {
  secrets: Partial<Pick<Endpoint, 'secrets' | 'standardSecrets' | 'privateKeys'>>;
};
type Rotate = (ports: RotatePorts, endpoint: Endpoint, rotation: Rotation) => Promise<Changed>;

const ROTATE: Readonly<Record<SecretUse, Rotate>> = {
  signing: rotateSigning,
  standard: rotateStandard,
  asymmetric: rotateKeyPair,
};

/** Of the dialect that the endpoint was given: a chat's URL needs none, and may change. */
async function rotateSigning(ports: RotatePorts, endpoint: Endpoint, rotation: Rotation): Promise<Changed> {
  const dialect = dialectNamed(endpoint.dialect);
  const { own: signingSecret = dialect.newSecret(ports.random) } = rotation;
  refuseSecret(dialect, signingSecret);
  const signsBeside = signsStandardHeaders(endpoint);
  const times = timesOf(ports, roomOf(dialect, signsBeside), rotation);
  const next = {
    ...(await sealSecret(ports.secrets, endpoint, signingSecret, times.now)),
    ...(rotation.own === undefined && endpoint.secrets[0]?.generated && { generated: true as const }),
  };
  if (!signsBeside || isStandardSecret(signingSecret)) {
    return { signingSecret, secrets: { secrets: withNew(endpoint.secrets, next, times) } };
  }
  // Those headers are signed with secrets of their form, of which this is none: from now on with their own.
  const standardSecret = standard.newSecret(ports.random);
  const beside = await sealSecret(ports.secrets, endpoint, standardSecret, times.now);
  const ofDialect = dialect.signsWithAllSecrets ? times : { ...times, overlapMs: 0 };
  const secrets = withNew(endpoint.secrets, next, ofDialect);
  const standardSecrets = withNew(endpoint.secrets, beside, { ...times, activateInMs: 0 });
  return { signingSecret, standardSecret, secrets: { secrets, standardSecrets } };
}

/** Do the dialect's secrets sign the headers of Standard Webhooks beside its own, too? */
function signsStandardHeaders(endpoint: Endpoint): boolean {
  return (endpoint.alsoStandard ?? false) && !endpoint.standardSecrets && dialectNameOf(endpoint) !== 'standard';
}

/** How many signatures the headers have room for that a list of secrets signs. */
interface Room {
  /** Some have room for several: old and new can overlap. */
  several: boolean;
  /** Some have room for one: the new one takes over at one moment. */
  one: boolean;
}

const FOR_SEVERAL: Room = { several: true, one: false };

/** What nobody reads has room for one. */
function roomOf({ unsigned, signsWithAllSecrets }: Dialect, signsBeside: boolean): Room {
  const several = (signsWithAllSecrets ?? false) || signsBeside;
  return { several, one: !several || !(unsigned || signsWithAllSecrets) };
}

async function rotateStandard(ports: RotatePorts, endpoint: Endpoint, rotation: Rotation): Promise<Changed> {
  if (!endpoint.standardSecrets) {
    throw new RequestError('wrong-state', 'The endpoint has no such secret of its own: rotate its signing secret.');
  }
  const { own: standardSecret = standard.newSecret(ports.random) } = rotation;
  refuseSecret(standard, standardSecret);
  const times = timesOf(ports, FOR_SEVERAL, rotation);
  const next = await sealSecret(ports.secrets, endpoint, standardSecret, times.now);
  return { standardSecret, secrets: { standardSecrets: withNew(endpoint.standardSecrets, next, times) } };
}

/** The private key is shown to nobody, so that none can be brought. */
async function rotateKeyPair(ports: RotatePorts, endpoint: Endpoint, rotation: Rotation): Promise<Changed> {
  if (!endpoint.privateKeys) {
    throw new RequestError('wrong-state', 'The endpoint has no key pair: set `asymmetric_signing` first.');
  }
  if (rotation.own !== undefined) {
    throw new RequestError('invalid-request', 'Leave `signing_secret` out: the key pair is made here.');
  }
  const times = timesOf(ports, FOR_SEVERAL, rotation);
  const next = await sealKeyPair(ports.secrets, endpoint, newKeyPair(ports.random), times.now);
  return { secrets: { privateKeys: withNew(endpoint.privateKeys, next, times) } };
}

/** @throws RequestError `too-many-secrets` */
function withNew(secrets: readonly SealedSecret[], next: SealedSecret, times: RotationTimes): SealedSecret[] {
  const all = rotated(secrets, next, times);
  if (all) return all;
  throw new RequestError(
    'too-many-secrets',
    `The endpoint has ${MAX_LIVE_SECRETS} secrets that sign. Wait until one ends, or end the old ones now: overlap_seconds 0.`,
  );
}

/** @throws RequestError `invalid-request` for a time that nothing has room for */
function timesOf({ clock }: RotatePorts, { several, one }: Room, { overlapMs, activateInMs }: Rotation): RotationTimes {
  if (activateInMs !== undefined && !one) {
    throw new RequestError(
      'invalid-request',
      'Leave `activate_in_seconds` out: requests are signed with both secrets. `overlap_seconds` says for how long.',
    );
  }
  if (overlapMs !== undefined && !several) {
    throw new RequestError(
      'invalid-request',
      'Leave `overlap_seconds` out: a request of this dialect has one signature. `activate_in_seconds` says when the new secret takes over.',
    );
  }
  const overlap = several ? (overlapMs ?? DEFAULT_OVERLAP) : 0;
  return { now: clock.now(), activateInMs: activateInMs ?? 0, overlapMs: overlap };
}
