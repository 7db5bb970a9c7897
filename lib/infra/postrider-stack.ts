import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Api } from './api.ts';
import type { Console } from './console.ts';
import type { Egress } from './egress.ts';
import { Postrider, type PostriderProps } from './postrider.ts';
import type { Source } from './source.ts';
import type { Stateful } from './stateful.ts';

/** Postrider in a stack of its own. Its outputs are what an operator needs to know. */
export class PostriderStack extends Stack {
  readonly postrider: Postrider;

  constructor(scope: Construct, id: string, props: StackProps & PostriderProps = {}) {
    super(scope, id, { description: 'Postrider: sends webhooks', ...props });
    this.postrider = new Postrider(this, 'Postrider', props);
    const { api, stateful, egress, console, source } = this.postrider;
    const always = outputsOf(this.stackName, api, stateful);
    const outputs = { ...always, ...addressesOf(egress), ...addressOf(console), ...queuesOf(source) };
    addOutputs(this, outputs);
  }
}

interface Output {
  value: string;
  description: string;
}

function outputsOf(stackName: string, api: Api, { tables, queues, key }: Stateful): Record<string, Output> {
  const redrive = `--source-arn ${queues.exhausted.queueArn} --destination-arn ${queues.retries.queueArn}`;
  return {
    ApiUrl: { value: api.httpApi.apiEndpoint, description: 'The address of the API' },
    ConfigTableName: { value: tables.config.tableName, description: 'Endpoints and API keys' },
    LogTableName: { value: tables.log.tableName, description: 'Events and deliveries' },
    DeliveriesQueueUrl: { value: queues.deliveries.queueUrl, description: 'First attempts' },
    RetriesQueueUrl: { value: queues.retries.queueUrl, description: 'Retries' },
    SlowQueueUrl: { value: queues.slow.queueUrl, description: 'Deliveries of slow endpoints' },
    JobsQueueUrl: { value: queues.jobs.queueUrl, description: 'Bulk work' },
    ExhaustedQueueUrl: { value: queues.exhausted.queueUrl, description: 'Deliveries that used all their attempts' },
    PoisonQueueUrl: { value: queues.poison.queueUrl, description: 'What could not be read or worked on' },
    SecretsKeyArn: { value: key.keyArn, description: 'Wraps the data keys of endpoint secrets' },
    FirstKeyCommand: {
      value: `npm run create-key -- --stack ${stackName}`,
      description: 'Makes the first platform key',
    },
    RedriveCommand: {
      value: `aws sqs start-message-move-task ${redrive}`,
      description: 'Retries every exhausted delivery now',
    },
  };
}

function addressesOf({ sourceAddresses }: Egress): Record<string, Output> {
  const description = 'Requests to customers come from this address';
  return Object.fromEntries(sourceAddresses.map((value, n) => [`SourceAddress${n + 1}`, { value, description }]));
}

function addressOf(console: Console | undefined): Record<string, Output> {
  return console ? { ConsoleUrl: { value: console.url, description: 'The console for people' } } : {};
}

function queuesOf(source: Source | undefined): Record<string, Output> {
  if (!source) return {};
  const queues = Object.entries(source.queues).map(([name, { queueUrl }]): [string, Output] => [
    `SourceQueueUrl${name.replaceAll('-', '')}`,
    { value: queueUrl, description: `The messages of the source ${name}` },
  ]);
  const refused = { value: source.refused.queueUrl, description: 'What sources sent that can’t be an event' };
  return { RefusedQueueUrl: refused, ...Object.fromEntries(queues) };
}

function addOutputs(stack: Stack, outputs: Record<string, Output>): CfnOutput[] {
  return Object.entries(outputs).map(([id, output]) => new CfnOutput(stack, id, output));
}
