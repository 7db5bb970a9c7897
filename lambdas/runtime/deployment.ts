import type { KMSClient } from '@aws-sdk/client-kms';
import type { SESv2Client } from '@aws-sdk/client-sesv2';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { EmbeddedMetrics } from '../../lib/adapters/log/embedded-metrics.ts';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { createSampledLog } from '../../lib/adapters/log/sampled-log.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system/system-random.ts';
import type { UrlPolicy } from '../../lib/domain/url-policy.ts';
import type { Clock } from '../../lib/ports/clock.ts';
import { type Log, withFields } from '../../lib/ports/log.ts';
import type { Random } from '../../lib/ports/random.ts';
import { InvocationName, type Invocations } from './invocations.ts';
import { type Surroundings, logSample, serviceName } from './settings.ts';

/** What a function gets from its environment. */
export interface Deployment extends Surroundings {
  clock: Clock;
  random: Random;
  log: Log;
  /** In a test, the addresses that may be sent to; `urlPolicyOf` has those of a deployment. */
  urlPolicy?: UrlPolicy;
  /** Clients to use instead of new ones; what a function creates is kept here. */
  clients: { dynamodb?: DynamoDBDocumentClient; sqs?: SQSClient; kms?: KMSClient; ses?: SESv2Client };
  /** Is told of each invocation. Absent where a test needs neither metrics nor the names of invocations in its lines. */
  invocations?: Invocations;
}

/**
 * What a function has on AWS.
 * @throws SettingError
 */
function deployed(): Deployment {
  const environment = process.env;
  return {
    environment,
    clock: systemClock,
    random: systemRandom,
    ...openLog({ environment }, systemClock, (line) => process.stdout.write(`${line}\n`)),
    clients: {},
  };
}

/**
 * The log of a function: its metrics count every line, then a share of the routine ones is written, each with the name of
 * its invocation.
 * @throws SettingError
 */
export function openLog(
  surroundings: Surroundings,
  clock: Clock,
  write: (line: string) => void,
): Pick<Deployment, 'log' | 'invocations'> {
  const name = new InvocationName();
  const named = withFields(createJsonLog({ clock, write }), () => name.fields);
  const metrics = new EmbeddedMetrics({ clock, service: serviceName(surroundings), write });
  return {
    log: metrics.watching(createSampledLog(named, logSample(surroundings))),
    invocations: { begin: (requestId) => name.begin(requestId), end: () => metrics.flush() },
  };
}

type Handler<Event, Context, Result> = (event: Event, context: Context) => Promise<Result>;

/**
 * The handler that Lambda calls. On Lambda it is made while the function starts, so that a missing setting is seen at
 * once and no call waits for it; anywhere else at its first call, so that importing a function does nothing.
 */
export function onAws<Event, Context, Result>(
  create: (deployment: Deployment) => Handler<Event, Context, Result>,
): Handler<Event, Context, Result> {
  let handler = process.env.AWS_LAMBDA_FUNCTION_NAME === undefined ? undefined : create(deployed());
  return (event, context) => (handler ??= create(deployed()))(event, context);
}
