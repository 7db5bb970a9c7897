import { standard } from '../../dialects/standard/standard.ts';
import type { Endpoint, SealedSecret } from '../../domain/endpoint.ts';
import type { Ports } from '../../ports/ports.ts';
import { openSecrets, sealSecret } from '../delivery/secrets.ts';
import { type ChangePorts, existing } from './change-status.ts';
import { type EndpointEdit, type Expected, updateEndpoint } from './changes.ts';

/** An edit's result, and the second secret that it made. */
export interface EditedEndpoint {
  endpoint: Endpoint;
  standardSecret?: string;
}

/**
 * {@link updateEndpoint}. An edit that adds the headers of Standard Webhooks makes a secret for them where the
 * endpoint has none of their form; it is shown in this answer only.
 * @throws RequestError as updateEndpoint; `precondition-failed` too when the endpoint changes while its secret is made
 */
export async function editEndpoint(
  ports: ChangePorts & Pick<Ports, 'secrets' | 'random'>,
  tenantId: string,
  endpointId: string,
  edit: EndpointEdit,
  isExpected?: Expected,
): Promise<EditedEndpoint> {
  if (!edit.alsoStandard) return { endpoint: await updateEndpoint(ports, tenantId, endpointId, edit, isExpected) };
  const before = await existing(ports, tenantId, endpointId);
  const opened = await openSecrets(ports.secrets, before, before.standardSecrets ?? before.secrets);
  if (opened.length === 0 || opened.some(isStandard)) {
    return { endpoint: await updateEndpoint(ports, tenantId, endpointId, edit, isExpected) };
  }
  const standardSecret = standard.newSecret(ports.random);
  const standardSecrets: SealedSecret[] = [await sealSecret(ports.secrets, before, standardSecret, ports.clock.now())];
  // Of two edits at once, only one may show the secret that is used.
  const isUnchanged = (generation: number) =>
    generation === before.generation && (isExpected === undefined || isExpected(generation));
  const endpoint = await updateEndpoint(ports, tenantId, endpointId, { ...edit, standardSecrets }, isUnchanged);
  return { endpoint, standardSecret };
}

export function isStandard(secret: string): boolean {
  return standard.refuseSecret(secret) === undefined;
}
