import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { QueueName } from '../../../lib/ports/queues.ts';
import type { Backend } from '../../e2e/backend.ts';
import { run } from '../cloud/child-process.ts';
import { type Deployment, type StackName, currentDeployment } from '../cloud/deployment.ts';
import { ROOT_CREDENTIALS } from '../cloud/emulator.ts';
import type { StackPlace } from '../cloud/stack.ts';

/** A stack in an emulated account, which its suites share. */
export const backendOf = (stackName: StackName): Backend => ({
  name: 'deployed',
  // The emulated gateway decodes a path before it looks for the route, and leaves `%` encoded.
  tenantInPath: 'Müller & Söhne #1',
  async start() {
    const deployment = currentDeployment(stackName);
    const { apiUrl: url, apiKey, receiverPlace, stack } = deployment;
    const sqs = sqsClient(deployment);
    return {
      url,
      apiKey,
      receiverPlace,
      countMessages: (queue) => countMessages(sqs, queueUrl(deployment, queue)),
      mailTo: (address) => mailTo(deployment, address),
      redrive: () => npm(stack, 'redrive', 'exhausted', '--stack', stack.name),
      async stop() {
        sqs.destroy();
      },
    };
  },
});

export const deployed = backendOf('Postrider');
export const loaded = backendOf('Loaded');

/** Whoever looks in from outside: the root of the account. */
export function sqsClient({ proxyUrl }: Pick<Deployment, 'proxyUrl'>): SQSClient {
  const { AWS_REGION, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = ROOT_CREDENTIALS;
  return new SQSClient({ endpoint: proxyUrl, region: AWS_REGION, credentials: { accessKeyId, secretAccessKey } });
}

/** The stack has it as an output: `DeliveriesQueueUrl`. */
export function queueUrl({ outputs }: Pick<Deployment, 'outputs'>, queue: QueueName): string {
  const name = `${queue[0]?.toUpperCase()}${queue.slice(1)}QueueUrl`;
  const url = outputs[name];
  if (url === undefined) throw new Error(`The stack has no output ${name}.`);
  return url;
}

/** Visible, in flight and delayed. */
export async function countMessages(sqs: SQSClient, url: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  const names = ['', 'NotVisible', 'Delayed'].map((kind) => `ApproximateNumberOfMessages${kind}`);
  return names.reduce((sum, name) => sum + Number(Attributes[name as keyof typeof Attributes]), 0);
}

interface SentMail {
  To: string[];
  BodyText: string;
}

/** The text of the newest mail to an address: the emulator keeps what SES was asked to send. */
async function mailTo({ proxyUrl }: Pick<Deployment, 'proxyUrl'>, address: string): Promise<string | undefined> {
  const response = await fetch(`${proxyUrl}/_ministack/ses/messages`);
  const { messages } = (await response.json()) as { messages: Record<string, SentMail[]> };
  return Object.values(messages)
    .flat()
    .findLast(({ To }) => To.includes(address))?.BodyText;
}

/** `npm run …` with the environment of an operator of the account. Answers what it printed. */
export function npm({ project, environment }: StackPlace, script: string, ...args: string[]): Promise<string> {
  return run('npm', ['run', '--silent', script, '--', ...args], { cwd: project, env: environment });
}
