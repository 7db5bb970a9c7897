import { Webhook } from 'standardwebhooks';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { SendRequest } from '../../lib/ports/http-sender.ts';
import type { Evidence } from './evidence.ts';

/** A request may have been signed with the secrets of so long before (invariants 8 and 23). */
const GRACE = 2000;

/** An endpoint's secrets, newest first, from a time on. They are stored as they are: sealing is not simulated. */
interface Written {
  at: number;
  endpoint: Endpoint;
}

/** A rotation as it was asked for. */
interface Rotated {
  askedAt: number;
  overlapMs: number;
}

/** Judges which secrets sign what a customer receives, and that no change undoes a rotation (23). */
export class SecretRules {
  readonly #seen: Evidence;
  readonly #written = new Map<string, Written[]>();

  constructor(evidence: Evidence) {
    this.#seen = evidence;
  }

  /** An endpoint is made or changed, or its secrets are. */
  written(endpoint: Endpoint, now: number): void {
    const versions = this.#written.get(endpoint.id) ?? [];
    const before = versions.at(-1)?.endpoint;
    const problem = before && endpoint.status !== 'revoked' ? undone(before, endpoint) : undefined;
    if (problem !== undefined) this.#seen.fail(23, `${endpoint.id}: ${problem}`, now);
    versions.push({ at: now, endpoint });
    this.#written.set(endpoint.id, versions);
  }

  /** A rotation has shown its new secret to the caller: it is stored, and the old ones end when they should. */
  answered(endpointId: string, secret: string | undefined, { askedAt, overlapMs }: Rotated, now: number): void {
    const versions = this.#written.get(endpointId) ?? [];
    const index = versions.findIndex(({ endpoint }) => endpoint.secrets[0]?.sealed === secret);
    const [before, after] = [versions[index - 1], versions[index]];
    if (!before || !after) {
      return this.#seen.fail(23, `${endpointId}: a secret was answered that was never stored`, now);
    }
    for (const { sealed, expiresAt: end = Infinity } of before.endpoint.secrets) {
      const kept = after.endpoint.secrets.find((one) => one.sealed === sealed);
      const ends = kept ? (kept.expiresAt ?? Infinity) : Math.min(end, after.at);
      const [least, most] = [askedAt, after.at].map((at) => Math.min(end, at + overlapMs)) as [number, number];
      if (ends < least || ends > Math.max(most, after.at)) {
        this.#seen.fail(23, `${endpointId}: an old secret ends at ${ends}, not ${least} to ${most}`, now);
      }
    }
  }

  /** It is signed with all secrets that were in force at one moment of the last two seconds, and with no others. */
  received(endpointId: string, { headers, body }: SendRequest, now: number): void {
    const versions = this.#written.get(endpointId) ?? [];
    const ends = versions.flatMap(({ endpoint }) => endpoint.secrets.flatMap(({ expiresAt }) => expiresAt ?? []));
    const changes = [...versions.map(({ at }) => at), ...ends].filter((at) => at > now - GRACE && at < now);
    const isSigned = [now - GRACE, ...changes, now].some((at) => {
      const { secrets = [] } = { ...versions.findLast((version) => version.at <= at)?.endpoint };
      const inForce = secrets.filter(({ expiresAt = Infinity }) => expiresAt > at).map(({ sealed }) => sealed);
      return inForce.length > 0 && headers['webhook-signature'] === signature(inForce, headers, body);
    });
    if (!isSigned) this.#seen.fail(23, `${endpointId}: a request that is signed with other secrets than it has`, now);
  }
}

/** By the library that receivers have. */
function signature(secrets: readonly string[], headers: SendRequest['headers'], body: Uint8Array): string {
  const { 'webhook-id': id = '', 'webhook-timestamp': timestamp } = headers;
  const [at, text] = [new Date(Number(timestamp) * 1000), Buffer.from(body).toString('utf8')];
  return secrets.map((secret) => new Webhook(secret).sign(id, at, text)).join(' ');
}

/** What a write changes of the secrets that it should not; undefined: nothing. */
function undone(before: Endpoint, after: Endpoint): string | undefined {
  const [old, next] = [before, after].map(({ secretsRevision = 0 }) => secretsRevision) as [number, number];
  if (after.generation === before.generation) {
    return next === old + 1 ? undefined : `a rotation of revision ${next} is written over revision ${old}`;
  }
  const isSame = next === old && JSON.stringify(after.secrets) === JSON.stringify(before.secrets);
  return isSame ? undefined : 'a change of the endpoint has other secrets than there were';
}
