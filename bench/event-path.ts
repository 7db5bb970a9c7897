import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { createHandler as createAuthorizer } from '../lambdas/authorizer.ts';
import { createHandler as createDispatch } from '../lambdas/dispatch.ts';
import { createHandler as createEndpoints } from '../lambdas/endpoints.ts';
import { createHandler as createIngest } from '../lambdas/ingest.ts';
import { createHandler as createPoll } from '../lambdas/poll.ts';
import type { QueueHandler } from '../lambdas/runtime/queue-function.ts';
import { createHandler as createSource } from '../lambdas/source.ts';
import { CONFIG_TABLE, LOG_TABLE } from '../lib/adapters/dynamodb/layout/tables.ts';
import { createJsonLog } from '../lib/adapters/log/json-log.ts';
import { systemClock } from '../lib/adapters/system/system-clock.ts';
import type { Clock } from '../lib/ports/clock.ts';
import { type EmulatedAws, startEmulatedAws } from '../test/e2e/emulated-aws.ts';
import { eventOf } from '../test/e2e/event-source.ts';
import { lambdaContext } from '../test/e2e/lambda-context.ts';
import { JSON_TYPE, apiEvent } from '../test/lambdas/calls.ts';
import { type CallCount, CallMeter } from './call-meter.ts';

const KEY = { key_id: 'key_bench', scopes: 'endpoints:write endpoints:poll events:write' };
const TIMEOUT_MS = 60_000;
const WAIT_SECONDS = 10;
const SOURCE_QUEUE = 'bench-source';
const REQUEST_TIMEOUT_MS = 13_000;

/** Whose calls are somebody else's: who sends to the queue of a source. */
const SENDER = 'sender';

/** What was counted since the last call. */
export interface Taken {
  counts: CallCount[];
  /** Additions to the usage of tenants: a function makes one in a second at most, for each tenant. */
  usage: CallCount[];
  /** As the JSON log writes them, unsampled. */
  logLines: string[];
}

interface Post {
  tenant: string;
  body: unknown;
  /** The Idempotency-Key. */
  key?: string;
}

/** Takes events through the real functions, with emulators in this process, and counts the calls. */
export class EventPath {
  readonly #emulated: EmulatedAws;
  readonly #meter: CallMeter;
  readonly #functions;
  readonly #logLines: string[];
  readonly #sourceUrl: string;

  private constructor(emulated: EmulatedAws, sourceUrl: string, logLines: string[], clock: Clock) {
    const { tables, dynamodb, sqs } = emulated;
    const { ses: _, ...clients } = emulated.deployment.clients;
    const deployment = { ...emulated.deployment, clock };
    this.#emulated = emulated;
    this.#logLines = logLines;
    this.#sourceUrl = sourceUrl;
    this.#meter = new CallMeter({ [tables.config]: CONFIG_TABLE, [tables.log]: LOG_TABLE }, dynamodb);
    for (const client of [...Object.values(clients), sqs]) this.#meter.attachTo(client);
    this.#functions = {
      authorizer: createAuthorizer(deployment),
      endpoints: createEndpoints(deployment),
      poll: createPoll(deployment),
      ingest: createIngest(deployment),
      dispatch: createDispatch(deployment),
      source: createSource({
        ...deployment,
        environment: { ...deployment.environment, ...environmentOfSource(sourceUrl) },
      }),
    };
  }

  /** @param clock what the functions read */
  static async start(clock: Clock = systemClock): Promise<EventPath> {
    const logLines: string[] = [];
    const log = createJsonLog({ clock: systemClock, write: (line) => logLines.push(line) });
    const emulated = await startEmulatedAws(log);
    const { QueueUrl = '' } = await emulated.sqs.send(new CreateQueueCommand({ QueueName: SOURCE_QUEUE }));
    return new EventPath(emulated, QueueUrl, logLines, clock);
  }

  stop(): Promise<void> {
    return this.#emulated.stop();
  }

  /** Returns everything since the last call, and starts again at zero. */
  take(): Taken {
    const { counts, ...others } = this.#meter.take();
    return { counts: counts.filter(({ by }) => by !== SENDER), ...others, logLines: this.#logLines.splice(0) };
  }

  /** Not measured: a tenant's first endpoint makes calls that are refused, whose cost nobody knows. */
  async register(tenant: string, url: string, events: readonly string[] = ['*']): Promise<void> {
    await this.#call('endpoints', 'POST /v1/endpoints', 201, {
      tenant,
      body: { url, events, retry: { delays: [1, 1] } },
    });
    this.#meter.restart();
  }

  /** As {@link EventPath.register}: an endpoint that is polled. @returns its id */
  async registerPolled(tenant: string): Promise<string> {
    const body = { kind: 'poll', events: ['*'] };
    const text = await this.#call('endpoints', 'POST /v1/endpoints', 201, { tenant, body });
    this.#meter.restart();
    return (JSON.parse(text) as { id: string }).id;
  }

  /** @returns how many deliveries came, and the cursor after them */
  async poll(tenant: string, id: string, query: Record<string, string>): Promise<{ count: number; cursor: string }> {
    const parts = { pathParameters: { id }, queryStringParameters: query };
    const text = await this.#call('poll', 'GET /v1/endpoints/{id}/poll', 200, { tenant }, parts);
    const { data, cursor } = JSON.parse(text) as { data: unknown[]; cursor: string };
    return { count: data.length, cursor };
  }

  async commit(tenant: string, id: string, name: string, body: object): Promise<void> {
    const route = 'PUT /v1/endpoints/{id}/consumers/{name}';
    await this.#call('poll', route, 200, { tenant, body }, { pathParameters: { id, name } });
  }

  async post(post: Post): Promise<void> {
    await this.#call('ingest', 'POST /v1/events', 202, post);
  }

  /** @throws Error when one of the events is not accepted */
  async postBatch(post: Post): Promise<void> {
    const text = await this.#call('ingest', 'POST /v1/events/batch', 200, post);
    const { data } = JSON.parse(text) as { data: object[] };
    if (data.some((result) => 'error' in result)) throw new Error(`not all of a batch was accepted: ${text}`);
  }

  async authorize(): Promise<void> {
    this.#meter.by = 'authorizer';
    const event = { identitySource: ['Bearer prk_any'], routeKey: 'POST /v1/events' };
    await this.#functions.authorizer(event as never, lambdaContext('authorizer', TIMEOUT_MS));
  }

  /**
   * Does what the event source does with the next messages of a queue.
   * @throws Error when fewer messages come
   * @param size 1 to 10
   */
  async workNext(queue: 'deliveries' | 'retries', size: number): Promise<void> {
    await this.#work(this.#emulated.queueUrls[queue], size, 'dispatch', this.#functions.dispatch);
  }

  /** Does what the event source does with events that somebody has sent to the queue of a source. */
  async takeIn(events: readonly object[]): Promise<void> {
    this.#meter.by = SENDER;
    for (const event of events) {
      const message = { QueueUrl: this.#sourceUrl, MessageBody: JSON.stringify(event) };
      await this.#emulated.sqs.send(new SendMessageCommand(message));
    }
    // It does what ingest does, and has its memory.
    await this.#work(this.#sourceUrl, events.length, 'ingest', this.#functions.source);
  }

  async #work(QueueUrl: string, size: number, by: 'dispatch' | 'ingest', handler: QueueHandler): Promise<void> {
    const messages = await this.#receive(QueueUrl, size);
    if (messages.length !== size) throw new Error(`${messages.length} messages came from ${QueueUrl}, not ${size}`);
    this.#meter.by = by;
    const event = eventOf(messages, QueueUrl);
    const { batchItemFailures } = await handler(event, lambdaContext(by, TIMEOUT_MS));
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const done = messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
    if (done.length === 0) return;
    this.#meter.by = 'event source';
    const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
    await this.#emulated.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }

  async #receive(QueueUrl: string, size: number): Promise<Message[]> {
    this.#meter.by = 'event source';
    const receive = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: size,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ['All'],
    });
    const { Messages = [] } = await this.#emulated.sqs.send(receive, { requestTimeout: REQUEST_TIMEOUT_MS });
    return Messages;
  }

  async #call(
    name: 'endpoints' | 'ingest' | 'poll',
    routeKey: string,
    status: number,
    { tenant, body, key }: Partial<Post> & Pick<Post, 'tenant'>,
    parts: Parameters<typeof apiEvent>[1] = {},
  ): Promise<string> {
    this.#meter.by = name;
    const headers = { ...JSON_TYPE, 'postrider-tenant': tenant, ...(key !== undefined && { 'idempotency-key': key }) };
    const answer = await this.#functions[name](
      apiEvent(routeKey, { ...parts, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }, KEY),
      lambdaContext(name, TIMEOUT_MS),
    );
    if (answer.statusCode !== status) throw new Error(`${routeKey} was answered ${answer.statusCode} ${answer.body}`);
    return answer.body ?? '';
  }
}

/** What the stack writes into its environment; nothing of these events is refused. */
function environmentOfSource(url: string): Record<string, string> {
  return {
    POSTRIDER_SOURCE_QUEUES: JSON.stringify({ bench: SOURCE_QUEUE }),
    POSTRIDER_REFUSED_QUEUE_URL: url,
  };
}
