import { createHmac } from 'node:crypto';
import type { EndpointCreatedJson, EndpointJson } from '../../api/resources/endpoints/schemas.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { DEMO_PATH, type DemoReceiver, type ReceivedWebhook, startDemoReceiver } from './demo-receiver.ts';
import { PortInUseError } from '../service/listener.ts';
import type { Service } from '../service/service.ts';

/** What the first screen shows: one webhook, sent and received. */
export interface Showcase {
  receiver: DemoReceiver;
  /** Undefined when no webhook arrived in time. */
  received: ReceivedWebhook | undefined;
}

const LABEL = 'demo';
const TIMEOUT_MS = 10_000;
const FIRST_EVENT = { type: 'demo.hello', data: { message: 'It works' } };

/** Starts a receiver, creates an endpoint for it, posts one event and waits until it arrives. */
export async function showFirstDelivery(service: Service): Promise<Showcase> {
  const api = createApiClient(service);
  const arrival = Promise.withResolvers<ReceivedWebhook>();
  const secret = demoSecret(service.demoSeed);
  const receiver = await startDemoReceiver({ secret, port: 0, onReceived: arrival.resolve });
  await api.post<EndpointCreatedJson>('/v1/endpoints', {
    url: receiver.url,
    events: ['*'],
    label: LABEL,
    signing_secret: secret,
  });
  await api.post('/v1/events', FIRST_EVENT);
  return { receiver, received: await withTimeout(arrival.promise) };
}

/**
 * On a later start: the receiver of the demo endpoint, on its old port; if that is in use, on another one, and the
 * endpoint's URL is updated. Undefined when the endpoint was revoked or points elsewhere.
 */
export async function restartReceiver(service: Service): Promise<DemoReceiver | undefined> {
  const api = createApiClient(service);
  const endpoint = await findDemoEndpoint(api);
  if (!endpoint) return undefined;
  const receiver = await receiverAt(demoSecret(service.demoSeed), Number(new URL(endpoint.url).port));
  if (receiver.url !== endpoint.url) await api.patch(`/v1/endpoints/${endpoint.id}`, { url: receiver.url });
  return receiver;
}

async function findDemoEndpoint(api: ApiClient): Promise<EndpointJson | undefined> {
  const { data } = await api.get<{ data: EndpointJson[] }>('/v1/endpoints?limit=200');
  return data.find(({ label, url, status }) => label === LABEL && url !== '' && isDemoUrl(url) && status !== 'revoked');
}

function isDemoUrl(text: string): boolean {
  const url = new URL(text);
  return url.hostname === '127.0.0.1' && url.pathname === DEMO_PATH && url.port !== '';
}

async function receiverAt(secret: string, port: number): Promise<DemoReceiver> {
  try {
    return await startDemoReceiver({ secret, port });
  } catch (error) {
    if (!(error instanceof PortInUseError)) throw error;
    return startDemoReceiver({ secret, port: 0 });
  }
}

/** Derived from the API key, so that a later start has it again without storing it in clear text. */
function demoSecret(apiKey: string): string {
  return `whsec_${createHmac('sha256', apiKey).update('postrider/demo-receiver/v1').digest('base64')}`;
}

async function withTimeout<T>(promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
