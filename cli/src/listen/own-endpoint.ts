import { hostname } from 'node:os';
import type { EndpointCreate, EndpointCreated } from '../../../sdk/src/api-types.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';

/** Marks the endpoints that `listen` makes for itself: the machine, and the process. */
const MARK = 'postrider-listen';
const CLEANING_MS = 5000;

/** Registers an endpoint that is there while this process listens. What one that died has left behind is deleted. */
export async function makeEndpoint(
  client: Postrider,
  wanted: Pick<EndpointCreate, 'events' | 'dialect' | 'signing_secret'>,
  signal: AbortSignal,
): Promise<EndpointCreated> {
  await deleteLeftovers(client, signal);
  const label = `postrider listen on ${hostname()}`.slice(0, 100);
  const metadata = { [MARK]: `${hostname()}/${process.pid}` };
  return client.endpoints.create({ ...wanted, kind: 'poll', label, metadata }, { signal });
}

/** @returns false: it is still there */
export async function deleteEndpoint(client: Postrider, id: string): Promise<boolean> {
  // Not by the signal of the terminal, which was aborted by whoever ended it.
  const options = { signal: AbortSignal.timeout(CLEANING_MS), retries: 0 };
  return client.endpoints.delete(id, options).then(
    () => true,
    () => false,
  );
}

async function deleteLeftovers(client: Postrider, signal: AbortSignal): Promise<void> {
  for await (const { id, kind, metadata } of client.endpoints.list({ limit: 100 }, { signal })) {
    const [host, pid] = (metadata[MARK] ?? '').split('/');
    if (kind === 'poll' && host === hostname() && !isRunning(Number(pid))) await deleteEndpoint(client, id);
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
