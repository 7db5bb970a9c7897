import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { createHandler as createDispatch } from '../../lambdas/dispatch.ts';
import { createHandler as createJobs } from '../../lambdas/jobs.ts';
import type { Deployment } from '../../lambdas/runtime/deployment.ts';
import { createHandler as createSweep } from '../../lambdas/sweep.ts';
import { createSqsQueues } from '../../lib/adapters/sqs/queues.ts';
import { redriveDeadLetters } from '../../lib/pipeline/manual/redrive.ts';
import type { QueueName } from '../../lib/ports/queues.ts';
import { MemoryLog } from '../support/memory-log.ts';
import type { Backend } from './backend.ts';
import { startEmulatedApi } from './emulated-api.ts';
import type { EmulatedAws } from './emulated-aws.ts';
import { type EventSource, startEventSource } from './event-source.ts';
import { lambdaContext } from './lambda-context.ts';

/** Each sweep reads all shards of many minutes: at one a second, four of five requests of a suite were sweep's. */
const SWEEP_EVERY_MS = 3000;
const SWEEP_TIMEOUT_MS = 55_000;

/** The functions of `lambdas/` as AWS runs them, over the SDK adapters and emulators in this process. */
export const aws: Backend = {
  name: 'aws',
  async start() {
    await using starting = new AsyncDisposableStack();
    const log = new MemoryLog();
    starting.defer(() => refuseErrors(log));
    const { emulated, ...api } = await startEmulatedApi(log);
    starting.defer(() => api.stop());
    const { deployment, queueUrls, sqs } = emulated;
    const background = [...startEventSources(emulated), startSchedule(deployment)];
    starting.defer(() => Promise.all(background.map((one) => one.stop())).then(() => {}));

    const queues = createSqsQueues({ client: sqs, urls: queueUrls, ...deployment });
    const running = starting.move();
    return {
      ...api,
      countMessages: (queue) => countMessages(emulated, queue),
      mailTo: (address) => emulated.outbox.mails.findLast(({ to }) => to === address)?.text,
      redrive: () => redriveDeadLetters(queues, 'exhausted', Number.POSITIVE_INFINITY),
      stop: () => running.disposeAsync(),
    };
  },
};

/** One for each queue that a function works; dispatch and jobs have two each. */
function startEventSources({ deployment, queueUrls, sqs }: EmulatedAws): EventSource[] {
  const dispatch = createDispatch(deployment);
  const jobs = createJobs(deployment);
  const start = (queue: QueueName, functionName: string, handler: typeof dispatch, maxConcurrency: number) =>
    startEventSource({
      client: sqs,
      log: deployment.log,
      queueUrl: queueUrls[queue],
      functionName,
      handler,
      maxConcurrency,
    });
  return [
    start('deliveries', 'dispatch', dispatch, 4),
    start('retries', 'dispatch', dispatch, 4),
    start('jobs', 'jobs', jobs, 2),
    start('slow', 'jobs', jobs, 2),
  ];
}

/** The schedule of sweep, twenty times as fast. */
function startSchedule(deployment: Deployment): EventSource {
  const sweep = createSweep(deployment);
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(async () => {
      await sweep({} as Parameters<typeof sweep>[0], lambdaContext('sweep', SWEEP_TIMEOUT_MS));
    });
  }, SWEEP_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

async function countMessages({ sqs, queueUrls }: EmulatedAws, queue: QueueName): Promise<number> {
  const names = ['', 'NotVisible', 'Delayed'].map((kind) => `ApproximateNumberOfMessages${kind}`);
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrls[queue], AttributeNames: ['All'] }),
  );
  return names.reduce((sum, name) => sum + Number(Attributes[name as keyof typeof Attributes]), 0);
}

/** A suite that went through in spite of faults has not shown what it seems to. */
function refuseErrors({ lines }: MemoryLog): void {
  const errors = lines.filter(({ level }) => level === 'error').map(({ event, cause }) => new Error(event, { cause }));
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} errors were logged`);
}
