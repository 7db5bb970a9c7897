import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSqsQueues } from '../../lib/adapters/sqs/queues.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system/system-random.ts';
import { writeDeliveryMessage, writeJobMessage } from '../../lib/domain/message.ts';
import { openDataFolder } from '../../lib/local/service/data-folder.ts';
import { startService } from '../../lib/local/service/service.ts';
import { DEFAULT_SETTINGS } from '../../lib/pipeline/settings.ts';
import type { QueueName, QueueSender } from '../../lib/ports/queues.ts';
import { createQueues, startSqs } from '../support/aws-emulators.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { runScript } from './run-script.ts';

const ULID = '01KGS4R6M2Z9Q3V8X7T5N1C0HB';
const delivery = (epoch: number) =>
  writeDeliveryMessage({ tenantId: 'org_a', endpointId: `ep_${ULID}`, eventId: `evt_${ULID}`, ordinal: 0, epoch });
const job = writeJobMessage({ tenantId: 'org_a', jobId: `job_${ULID}`, step: 3 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postrider-redrive-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const POISON_LINES = [
  'deliveries: 1 sent from poison',
  'retries: 1 sent from poison',
  'jobs: 1 sent from poison',
  "poison: 1 can't be read and remain there",
];

/** Two dead letters of exhausted, and four of poison: one for each queue, and one that nobody can read. */
async function fill(queues: QueueSender): Promise<void> {
  const wrapped = JSON.stringify({ v: 1, from: 'retries', why: 'a fault', body: delivery(2) });
  const messages = (bodies: string[]) => bodies.map((body) => ({ body, group: 'org_a' }));
  await queues.send('exhausted', messages([delivery(5), delivery(6)]));
  await queues.send('poison', messages([delivery(0), job, wrapped, 'hello\nthere']));
}

describe('of a local store', () => {
  const open = () => openDataFolder(folder, systemClock, DEFAULT_SETTINGS.logTtlMs);

  test('exhausted and poison go to their queues, one line each; what can’t be read stays, also the next time', async () => {
    const before = await open();
    await fill(before.store.queues);
    before.close();

    const exhausted = await runScript('redrive', ['exhausted', '--data', folder]);
    expect(exhausted).toEqual({ code: 0, stdout: 'retries: 2 sent from exhausted\n', stderr: '' });
    const poison = await runScript('redrive', ['poison', '--data', folder]);
    expect(poison.code, poison.stderr).toBe(0);
    const lines = poison.stdout.trimEnd().split('\n');
    expect(lines.slice(0, -1)).toEqual(POISON_LINES);
    expect(JSON.parse(lines.at(-1) as string)).toMatchObject({ why: 'not a JSON object', body: 'hello\nthere' });
    const again = await runScript('redrive', ['poison', '--data', folder]);
    expect(again.stdout.split('\n')[0]).toBe("poison: 1 can't be read and remain there");
    expect((await runScript('redrive', ['exhausted', '--data', folder])).stdout).toBe(
      'exhausted: nothing to redrive\n',
    );

    const after = await open();
    const retries = await after.store.queues.receive('retries', 10);
    after.close();
    expect(retries.map(({ body }) => body)).toEqual([delivery(5), delivery(6), delivery(2)]);
  });

  test('are listed with their causes, and stay where they are', async () => {
    const before = await open();
    await fill(before.store.queues);
    before.close();
    const { code, stdout, stderr } = await runScript('redrive', ['poison', '--data', folder, '--list']);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^poison: 4 of 4 shown, none moved$/m);
    const shown = stdout
      .trimEnd()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { from?: string; why: string });
    expect(shown.map(({ from, why }) => [from, why]).toSorted()).toEqual(
      [
        ['deliveries', 'received too often'],
        ['jobs', 'received too often'],
        ['retries', 'a fault'],
        [undefined, 'not a JSON object'],
      ].toSorted(),
    );
    const { stdout: moved } = await runScript('redrive', ['poison', '--data', folder]);
    expect(moved.split('\n').slice(0, POISON_LINES.length)).toEqual(POISON_LINES);
  });

  test('are left alone while the service runs', async () => {
    const service = await startService({ dataDir: folder, port: 0, log: new MemoryLog() });
    const { code, stdout, stderr } = await runScript('redrive', ['poison', '--data', folder]).finally(() =>
      service.stop(),
    );
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Another Postrider is using .+: stop it, or ask it by "postrider ops redrive poison"\.\n$/);
  });

  test('are not looked for in a folder that is not there', async () => {
    const { code, stderr } = await runScript('redrive', ['poison', '--data', join(folder, 'typo')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^There is no folder .+\n$/);
  });
});

describe('of a deployment', () => {
  const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

  const outputsOf = (urlOf: (queue: QueueName) => string) => ({
    DeliveriesQueueUrl: urlOf('deliveries'),
    RetriesQueueUrl: urlOf('retries'),
    SlowQueueUrl: urlOf('slow'),
    JobsQueueUrl: urlOf('jobs'),
    ExhaustedQueueUrl: urlOf('exhausted'),
    PoisonQueueUrl: urlOf('poison'),
  });

  /** A command `aws` that answers with these outputs. */
  async function fakeAws(outputs: Record<string, string>): Promise<{ PATH: string }> {
    const list = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
    const file = join(folder, 'aws');
    await writeFile(file, `#!/bin/sh\necho '${JSON.stringify(list)}'\n`);
    await chmod(file, 0o755);
    return { PATH: `${folder}:${process.env.PATH}` };
  }

  test('the queues are those of the stack’s outputs', { timeout: 60_000 }, async () => {
    const sqs = await startSqs();
    const { urls, client, remove } = await createQueues(sqs.connection);
    // The emulator's own addresses have a host that is no host; the path is what it goes by.
    const path = await fakeAws(
      outputsOf((queue) => sqs.connection.endpoint + urls[queue].replace(/^\w+:\/\/[^/]+/, '')),
    );
    const environment = { ...CREDENTIALS, AWS_ENDPOINT_URL_SQS: sqs.connection.endpoint, ...path };
    const target = ['--stack', 'Hooks', '--region', sqs.connection.region];
    try {
      const queues = createSqsQueues({ client, urls, clock: systemClock, random: systemRandom });
      await fill(queues);
      const exhausted = await runScript('redrive', ['exhausted', ...target], environment);
      expect(exhausted).toEqual({ code: 0, stdout: 'retries: 2 sent from exhausted\n', stderr: '' });
      const listed = await runScript('redrive', ['poison', '--list', ...target], environment);
      expect(listed.stdout).toMatch(/^poison: 4 of 4 shown, none moved$/m);
      const poison = await runScript('redrive', ['poison', ...target], environment);
      expect(poison.code, poison.stderr).toBe(0);
      expect(poison.stdout.split('\n').slice(0, 4)).toEqual(POISON_LINES);
      const [atJobs] = await queues.receive('jobs', 1);
      expect(atJobs?.body).toBe(job);
    } finally {
      await remove();
      await sqs.stop();
    }
  });

  test('a queue that fails is one line', async () => {
    const nowhere = 'http://127.0.0.1:1';
    const path = await fakeAws(outputsOf((queue) => `${nowhere}/1/${queue}`));
    const environment = { ...CREDENTIALS, AWS_ENDPOINT_URL_SQS: nowhere, ...path };
    const target = ['--stack', 'Hooks', '--region', 'us-east-1'];
    const { code, stdout, stderr } = await runScript('redrive', ['poison', ...target], environment);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^.*ECONNREFUSED.*\n$/);
  });

  test('a stack that is no Postrider is refused', async () => {
    const { code, stderr } = await runScript('redrive', ['poison', '--stack', 'Other'], await fakeAws({ Other: 'x' }));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The stack Other has no output DeliveriesQueueUrl.+\n$/);
  });

  test('without the AWS CLI it says what is missing', async () => {
    const { code, stderr } = await runScript('redrive', ['poison', '--stack', 'Hooks'], { PATH: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The AWS CLI, which reads the stack's outputs, is not installed: .+\n$/);
  });
});

test.each([
  [['poison'], '--stack <name> or --data <folder>'],
  [['poison', '--data', '.', '--stack', 'S'], '--stack <name> or --data <folder>'],
  [['retries', '--data', '.'], 'Allowed choices are exhausted, poison'],
  [[], 'queue'],
])('%j is refused in one line', async (args, reason) => {
  const { code, stdout, stderr } = await runScript('redrive', args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(reason);
  expect(stderr.trimEnd()).not.toContain('\n');
});
