import { hostname } from 'node:os';
import type { EndpointCreate, EndpointCreated } from '../../../sdk/src/api-types.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';
import { machineName } from '../access/machine.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Marks the endpoints that `listen` makes for itself: the machine, and the process. */
const MARK = 'postrider-listen';
const CLEANING_MS = 5000;

/** Registers an endpoint that is there while this process listens. What one that died has left behind is deleted. */
export async function makeEndpoint(
  client: Postrider,
  wanted: Pick<EndpointCreate, 'events' | 'dialect' | 'signing_secret'>,
  { env, signal }: Pick<Terminal, 'env' | 'signal'>,
): Promise<EndpointCreated> {
  const machine = machineName(env);
  await deleteLeftovers(client, machine, signal);
  const label = `postrider listen on ${hostname()}`.slice(0, 100);
  const metadata = { [MARK]: `${machine}/${process.pid}` };
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

async function deleteLeftovers(client: Postrider, machine: string, signal: AbortSignal): Promise<void> {
  for await (const { id, kind, metadata } of client.endpoints.list({ limit: 100 }, { signal })) {
    const [maker, pid] = (metadata[MARK] ?? '').split('/');
    if (kind === 'poll' && maker === machine && !isRunning(Number(pid))) await deleteEndpoint(client, id);
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
