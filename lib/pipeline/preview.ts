import type { RenderedRequest } from '../dialects/dialect.ts';
import { type FirstSecret, firstSecrets } from '../dialects/first-secrets.ts';
import { dialectNameOf, dialectNamed } from '../dialects/index.ts';
import { render } from '../dialects/render.ts';
import { type Signers, signersOf } from '../dialects/signers.ts';
import { newKeyPair } from '../dialects/standard/key-pair.ts';
import type { Event } from '../domain/event.ts';
import { deliveryId, newId } from '../domain/ids.ts';
import type { Ports } from '../ports/ports.ts';

/** An event and an endpoint that need not exist. */
export interface PreviewInput {
  tenantId: string;
  event: Omit<Event, 'tenantId' | 'id' | 'acceptedAt' | 'endpointIds'>;
  url: string;
  dialect: string;
  /** Absent: one is made. */
  signingSecret?: string;
  alsoStandard: boolean;
  /** With a key pair that is made for it. */
  asymmetricSigning: boolean;
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
  const { alsoStandard, asymmetricSigning, url } = input;
  const now = ports.clock.now();
  const ids = { now: () => now, fraction: () => ports.random.fraction() };
  const [id, endpointId] = [newId('evt', ids), newId('ep', ids)];
  const { signing, standard } = firstSecrets(ports.random, input, now);
  const dialect = dialectNameOf(input);
  const keyOf = (): FirstSecret => ({ secret: newKeyPair(ports.random).privateKey });
  const secrets = {
    secrets: [signing],
    ...(standard && { standardSecrets: [standard] }),
    ...(asymmetricSigning && { privateKeys: [keyOf()] }),
  };
  const signers = textsOf(signersOf(dialect, { ...secrets, alsoStandard, asymmetricSigning }, now));
  const event: Event = { ...input.event, tenantId: input.tenantId, id, acceptedAt: now, endpointIds: [endpointId] };
  const source = { event, deliveryId: deliveryId({ eventId: id, endpointId, ordinal: 0 }), url, now };
  const rendered = await render(dialectNamed(dialect), source, signers);
  return {
    dialect,
    rendered,
    signingSecret: signing.secret,
    ...(standard && { standardSecret: standard.secret }),
  };
}

function textsOf({ own, standard, asymmetric }: Signers<{ secret: string }>): Signers<string> {
  const texts = (secrets: readonly { secret: string }[]) => secrets.map(({ secret }) => secret);
  return { own: texts(own), standard: texts(standard), asymmetric: texts(asymmetric) };
}
