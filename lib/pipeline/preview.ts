import type { RenderedRequest } from '../../dialects/dialect.ts';
import { dialectNameOf, dialectNamed } from '../../dialects/index.ts';
import { refuseStandardSecret } from '../../dialects/standard/signing.ts';
import { standard } from '../../dialects/standard/standard.ts';
import type { Event } from '../../domain/event.ts';
import { RequestError } from '../../domain/errors.ts';
import { deliveryId, newId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { render } from './render.ts';

/** An event and an endpoint that need not exist. */
export interface PreviewInput {
  tenantId: string;
  event: Omit<Event, 'tenantId' | 'id' | 'acceptedAt' | 'endpointIds'>;
  url: string;
  dialect: string;
  /** Absent: one is made. */
  signingSecret?: string;
  alsoStandard: boolean;
}

export interface Preview {
  /** The name of the dialect that the request is in. */
  dialect: string;
  rendered: RenderedRequest;
  signingSecret: string;
  /** That of the headers of Standard Webhooks, where it is another one. */
  standardSecret?: string;
}

/**
 * The request of a first attempt that is made now, with new ids. Nothing is stored or sent.
 * @throws RequestError `invalid-secret`
 */
export async function previewOf(ports: Pick<Ports, 'clock' | 'random'>, input: PreviewInput): Promise<Preview> {
  const { signingSecret: own, alsoStandard, url } = input;
  const now = ports.clock.now();
  const ids = { now: () => now, fraction: () => ports.random.fraction() };
  const [id, endpointId] = [newId('evt', ids), newId('ep', ids)];
  const given = dialectNamed(input.dialect);
  const signingSecret = own ?? given.newSecret(ports.random);
  const problem = given.refuseSecret(signingSecret);
  if (problem) throw new RequestError('invalid-secret', `signing_secret ${problem}.`);
  const name = dialectNameOf(input);
  const dialect = dialectNamed(name);
  const secrets = own === undefined && dialect.signsOnlyOwnSecrets ? [] : [signingSecret];
  const isAlso = alsoStandard && name !== 'standard';
  const another =
    isAlso && refuseStandardSecret(signingSecret) !== undefined ? standard.newSecret(ports.random) : undefined;
  const event: Event = { ...input.event, tenantId: input.tenantId, id, acceptedAt: now, endpointIds: [endpointId] };
  const source = { event, deliveryId: deliveryId({ eventId: id, endpointId, ordinal: 0 }), url, secrets, now };
  const rendered = await render(dialect, source, { standardSecrets: isAlso ? [another ?? signingSecret] : [] });
  return { dialect: name, rendered, signingSecret, ...(another !== undefined && { standardSecret: another }) };
}
