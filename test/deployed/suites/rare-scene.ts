import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, expect } from 'vitest';
import { dataKeyKey } from '../../../lib/adapters/dynamodb/layout/keys.ts';
import { MAX_BATCH, QUEUE_RULES } from '../../../lib/ports/queue-rules.ts';
import type { QueueName } from '../../../lib/ports/queues.ts';
import { Api, type Json } from '../../e2e/api.ts';
import type { Receiver } from '../../e2e/receiver.ts';
import { Scene } from '../../e2e/scene.ts';
import { type Deployment, type StackName, currentDeployment } from '../cloud/deployment.ts';
import { backendOf, countMessages, queueUrl, sqsClient } from './deployed.ts';
import { openTables, sweepNow } from './inside.ts';

const HOUR_SECONDS = 3600;

/** The queues that functions work through: what they can't read goes on to another. */
export const WORKED_QUEUES = (Object.keys(QUEUE_RULES) as QueueName[]).filter((name) => QUEUE_RULES[name].redrive);

/** An event's delivery that failed once, and waits for so long that nothing else comes to it. */
interface Waiting {
  at: Receiver;
  endpoint: Json;
  eventId: string;
  delivery: Json;
}

/** A scene whose tables and queues can be staged, for what happens seldom. */
export class RareScene extends Scene {
  readonly deployment: Deployment;
  readonly tables: ReturnType<typeof openTables>;
  readonly #sqs: SQSClient;

  /** Registers the hooks: call it in a `describe`. */
  constructor(name: string, stack: StackName = 'Operated') {
    super(backendOf(stack), name);
    this.deployment = currentDeployment(stack);
    this.tables = openTables(this.deployment);
    this.#sqs = sqsClient(this.deployment);
    afterAll(() => {
      this.#sqs.destroy();
      this.tables[Symbol.dispose]();
    });
  }

  /** Puts a message into a queue, as none of the functions would. */
  put(queue: QueueName, body: string): Promise<void> {
    return this.send(queueUrl(this.deployment, queue), body);
  }

  /** Puts a message into any queue of the account. */
  async send(url: string, body: string): Promise<void> {
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageGroupId: 'a' }));
  }

  /** Takes what is visible out of any queue of the account. */
  async take(url: string): Promise<Message[]> {
    const about = { QueueUrl: url, MaxNumberOfMessages: MAX_BATCH, MessageAttributeNames: ['All'] };
    const { Messages = [] } = await this.#sqs.send(new ReceiveMessageCommand(about));
    if (Messages.length === 0) return [];
    const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle }));
    await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
    return [...Messages, ...(await this.take(url))];
  }

  /** Deletes the messages that are visible. */
  async empty(queue: QueueName): Promise<void> {
    await this.take(queueUrl(this.deployment, queue));
  }

  count(queue: QueueName): Promise<number> {
    return this.countAt(queueUrl(this.deployment, queue));
  }

  countAt(url: string): Promise<number> {
    return countMessages(this.#sqs, url);
  }

  /** A call of the tenant that succeeds. */
  call(method: string, path: string, body?: unknown): Promise<Json> {
    return succeed(this.api, method, path, body);
  }

  /** A call of the platform, which is about no tenant, that succeeds. */
  callOfPlatform(method: string, path: string, body?: unknown): Promise<Json> {
    return succeed(new Api(this.running), method, path, body);
  }

  /** Has sweep look at a job of the tenant now. */
  async hasten(jobId: string): Promise<void> {
    const job = await this.tables.jobs.get(this.tenant, jobId);
    if (!job) throw new Error(`There is no job ${jobId}.`);
    await this.tables.jobs.replaceIfStep({ ...job, checkAt: Date.now() - 1000 }, job.step);
    await sweepNow(this.deployment.stack);
  }

  /** As at the beginning of a month, nothing has made its data key yet; processes still have the last one. */
  async beginMonth(): Promise<void> {
    await this.tables.config.delete(dataKeyKey(new Date().toISOString().slice(0, 'yyyy-mm'.length)));
  }

  async brake(): Promise<void> {
    await this.callOfPlatform('PUT', `/v1/brake?tenant_id=${this.tenant}`);
  }

  async releaseBrake(): Promise<void> {
    await this.callOfPlatform('DELETE', `/v1/brake?tenant_id=${this.tenant}`);
  }

  async waiting(answer: (nth: number) => number = (nth) => (nth === 1 ? 500 : 200)): Promise<Waiting> {
    const at = await this.receiver(answer);
    const endpoint = await this.api.endpoint({ url: at.url, retry: { delays: [HOUR_SECONDS] } });
    const { id: eventId } = await this.api.post();
    return { at, endpoint, eventId, delivery: await this.ended(eventId, endpoint.id, 'retrying') };
  }
}

async function succeed(api: Api, method: string, path: string, body?: unknown): Promise<Json> {
  const answer = await api.call(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}
