import { canonicalJson } from '../../domain/canonical-json.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import type { Job } from '../../domain/job.ts';
import { SECOND_PASS_PAUSE } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { resealed } from '../delivery/secrets.ts';
import { FINISHED, type PageResult } from './page-result.ts';
import { cursorAt, placeOf } from './place.ts';

export type ResealPorts = Pick<Ports, 'clock' | 'endpoints' | 'secrets'>;

const PAGE = 100;
/** Endpoints that are worked at the same time. */
const PARALLEL = 16;

/** The pass, and the endpoint that its next page begins after. */
type Place = [pass: 1 | 2, after?: string];

/**
 * One page of sealing a tenant's secrets anew: those of up to 100 endpoints. What a call under way in the first pass has
 * sealed with an earlier key is found by the second, 15 minutes later; `skipped` counts the endpoints that it found in order.
 */
export async function workResealPage(ports: ResealPorts, job: Job): Promise<PageResult> {
  const [pass, after] = placeOf<Place>(job, [1]);
  const { endpoints, next } = await ports.endpoints.page(job.tenantId, after, PAGE);
  let processed = 0;
  for (let start = 0; start < endpoints.length; start += PARALLEL) {
    const some = endpoints.slice(start, start + PARALLEL);
    const changed = await Promise.all(some.map((endpoint) => reseal(ports, endpoint)));
    processed += changed.filter(Boolean).length;
  }
  const counts = { processed, skipped: pass === 2 ? endpoints.length - processed : 0 };
  if (next !== undefined) return { ...counts, cursor: cursorAt<Place>([pass, next]), done: false, nextInSeconds: 0 };
  if (pass === 2) return { ...FINISHED, ...counts };
  const checkAt = ports.clock.now() + SECOND_PASS_PAUSE;
  return { ...counts, cursor: cursorAt<Place>([2]), done: false, nextInSeconds: 0, checkAt };
}

/**
 * Under the condition that nothing of the endpoint has changed since it was read: an edit or a rotation that came in
 * between stays, and is looked at again. The generation stays, and what hangs on it.
 */
async function reseal(ports: ResealPorts, read: Endpoint): Promise<boolean> {
  let present: Endpoint | undefined = read;
  while (present) {
    const next: Endpoint = await resealed(ports.secrets, present);
    if (canonicalJson(next) === canonicalJson(present)) return false;
    const { secretsRevision: revision = 0 } = present;
    if (await ports.endpoints.replaceSecretsIfRevision({ ...next, secretsRevision: revision + 1 }, revision))
      return true;
    present = await ports.endpoints.get(read.tenantId, read.id);
  }
  return false;
}
