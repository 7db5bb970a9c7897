import { commandOf } from '#function-code';
import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { Api } from './api.ts';
import type { Console } from './console.ts';
import type { Egress } from './egress.ts';
import type { Source } from './source.ts';
import type { Stateful } from './stateful.ts';

/** What of a service its outputs tell. */
interface Told {
  api: Api;
  stateful: Stateful;
  egress: Egress;
  console?: Console;
  source?: Source;
}

/**
 * Adds what an operator needs to know of a service to a stack, by the names that the commands ask for.
 * @throws when the stack has such outputs already, of another service
 */
export function addOutputs(stack: Stack, { api, stateful, egress, console, source }: Told): void {
  const told = {
    ...outputsOf(stack.stackName, api, stateful),
    ...addressesOf(egress),
    ...addressOf(console),
    ...targetOf(api),
    ...queuesOf(source),
  };
  for (const [id, output] of Object.entries(told)) void new CfnOutput(stack, id, output);
}

interface Output {
  value: string;
  description: string;
}

function outputsOf(stackName: string, api: Api, { tables, queues, key }: Stateful): Record<string, Output> {
  const redrive = `--source-arn ${queues.exhausted.queueArn} --destination-arn ${queues.retries.queueArn}`;
  return {
    ApiUrl: { value: api.url, description: 'The address of the API' },
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
      value: `${commandOf('create-key')} --stack ${stackName}`,
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

function targetOf({ domain }: Api): Record<string, Output> {
  if (!domain) return {};
  return { ApiDomainTarget: { value: domain.target, description: 'Where the DNS record of the API’s name must lead' } };
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
