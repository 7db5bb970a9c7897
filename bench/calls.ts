import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { createHandler as createAuthorizer } from '../lambdas/authorizer.ts';
import { createHandler as createDispatch } from '../lambdas/dispatch.ts';
import { createHandler as createEndpoints } from '../lambdas/endpoints.ts';
import { createHandler as createIngest } from '../lambdas/ingest.ts';
import { CONFIG_TABLE, LOG_TABLE } from '../lib/adapters/dynamodb/tables.ts';
import { MemoryLog } from '../test/support/memory-log.ts';
import { type EmulatedAws, startEmulatedAws } from '../test/e2e/emulated-aws.ts';
import { eventOf } from '../test/e2e/event-source.ts';
import { lambdaContext } from '../test/e2e/lambda-context.ts';
import { Receiver } from '../test/e2e/receiver.ts';
import { JSON_TYPE, apiEvent } from '../test/lambdas/calls.ts';
import { type CallCount, CallMeter } from './call-meter.ts';

/** What one event to one endpoint costs, on one of the ways that it can take. */
export interface Measured {
  name: string;
  counts: CallCount[];
}

const KEY = { key_id: 'key_bench', scopes: 'endpoints:write events:write' };
const TIMEOUT_MS = 60_000;
const WAIT_SECONDS = 10;
const REQUEST_TIMEOUT_MS = 13_000;

/** The queues that the message of each attempt is received from. */
const AT_ONCE = ['deliveries'] as const;
const AT_THE_THIRD = ['deliveries', 'retries', 'retries'] as const;

/**
 * Measures over emulators in this process, with the real functions. Each way is gone once before, so that what a
 * function remembers from one event to the next (endpoints, data keys, queue counts) is there, as it is under load.
 */
export async function measureCalls(): Promise<Measured[]> {
  await using cleanup = new AsyncDisposableStack();
  const emulated = await startEmulatedAws(new MemoryLog());
  cleanup.defer(() => emulated.stop());
  const healthy = await Receiver.start();
  cleanup.defer(() => healthy.stop());
  const failing = await Receiver.start((nth) => (nth <= 2 ? 500 : 200));
  cleanup.defer(() => failing.stop());

  const path = new EventPath(emulated);
  await path.register('healthy', healthy.url);
  await path.register('failing', failing.url);
  for (const [tenant, queues] of [
    ['healthy', AT_ONCE],
    ['failing', AT_THE_THIRD],
  ] as const) {
    await path.run(tenant, queues);
  }
  const measured = [
    { name: 'delivered at once', counts: await path.run('healthy', AT_ONCE) },
    { name: 'delivered at once, with an Idempotency-Key', counts: await path.run('healthy', AT_ONCE, 'order-1') },
    { name: 'delivered at the third attempt', counts: await path.run('failing', AT_THE_THIRD) },
    { name: 'the authorizer, once per key and 10 s', counts: await path.authorize() },
  ];
  if (healthy.arrivals.length !== 3 || failing.arrivals.length !== 6) throw new Error('not every attempt arrived');
  return measured;
}

/** An event's way through the functions, with its calls counted. */
class EventPath {
  readonly #emulated: EmulatedAws;
  readonly #meter: CallMeter;
  readonly #functions;

  constructor(emulated: EmulatedAws) {
    const { deployment, tables, dynamodb, sqs } = emulated;
    const { clients } = deployment;
    this.#emulated = emulated;
    this.#meter = new CallMeter({ [tables.config]: CONFIG_TABLE, [tables.log]: LOG_TABLE }, dynamodb);
    for (const client of [...Object.values(clients), sqs]) this.#meter.attachTo(client);
    this.#functions = {
      authorizer: createAuthorizer(deployment),
      endpoints: createEndpoints(deployment),
      ingest: createIngest(deployment),
      dispatch: createDispatch(deployment),
    };
  }

  async register(tenant: string, url: string): Promise<void> {
    const body = JSON.stringify({ url, events: ['*'], retry: { delays: [1, 1] } });
    await this.#call('endpoints', 'POST /v1/endpoints', 201, { tenant, body });
  }

  /** Posts an event and works its messages, one from each of the queues; answers what that took. */
  async run(tenant: string, queues: readonly ('deliveries' | 'retries')[], key?: string): Promise<CallCount[]> {
    this.#meter.take();
    const body = JSON.stringify({ type: 'task.completed', data: { task_id: 'TASK-001', status: 'done' } });
    await this.#call('ingest', 'POST /v1/events', 202, { tenant, body, ...(key !== undefined && { key }) });
    for (const queue of queues) await this.#workNext(queue);
    return this.#meter.take();
  }

  async authorize(): Promise<CallCount[]> {
    this.#meter.take();
    this.#meter.by = 'authorizer';
    const event = { identitySource: ['Bearer prk_any'], routeKey: 'POST /v1/events' };
    await this.#functions.authorizer(event as never, lambdaContext('authorizer', TIMEOUT_MS));
    return this.#meter.take();
  }

  async #call(
    name: 'endpoints' | 'ingest',
    routeKey: string,
    status: number,
    { tenant, body, key }: { tenant: string; body: string; key?: string },
  ): Promise<void> {
    this.#meter.by = name;
    const headers = { ...JSON_TYPE, 'postrider-tenant': tenant, ...(key !== undefined && { 'idempotency-key': key }) };
    const answer = await this.#functions[name](
      apiEvent(routeKey, { headers, body }, KEY),
      lambdaContext(name, TIMEOUT_MS),
    );
    if (answer.statusCode !== status) throw new Error(`${routeKey} was answered ${answer.statusCode} ${answer.body}`);
  }

  /** What the event source does with the one message that comes next. */
  async #workNext(queue: 'deliveries' | 'retries'): Promise<void> {
    const { sqs, queueUrls } = this.#emulated;
    const QueueUrl = queueUrls[queue];
    this.#meter.by = 'event source';
    const receive = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ['All'],
    });
    const { Messages: messages = [] } = await sqs.send(receive, { requestTimeout: REQUEST_TIMEOUT_MS });
    if (messages.length !== 1) throw new Error(`${messages.length} messages came from ${queue} instead of one`);
    this.#meter.by = 'dispatch';
    const event = eventOf(messages, QueueUrl);
    const { batchItemFailures } = await this.#functions.dispatch(event, lambdaContext('dispatch', TIMEOUT_MS));
    if (batchItemFailures.length > 0) return;
    this.#meter.by = 'event source';
    const Entries = [{ Id: '0', ReceiptHandle: messages[0]?.ReceiptHandle }];
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
