import type { KMSClient } from '@aws-sdk/client-kms';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { createSampledLog } from '../../lib/adapters/log/sampled-log.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system/system-random.ts';
import { readEgressRules } from '../../lib/domain/egress-rules.ts';
import { STRICT_POLICY, type UrlPolicy } from '../../lib/domain/url-policy.ts';
import type { Clock } from '../../lib/ports/clock.ts';
import type { Log } from '../../lib/ports/log.ts';
import type { Random } from '../../lib/ports/random.ts';
import { builtInRules } from './built-in-rules.ts';
import { type Surroundings, logSample } from './settings.ts';

/** What a function gets from its environment. */
export interface Deployment extends Surroundings {
  clock: Clock;
  random: Random;
  log: Log;
  /**
   * Which addresses may be sent to. No environment variable reaches it, so that no change of a deployed function's
   * configuration can open the network it runs in: the operator's lists are in its code.
   */
  urlPolicy: UrlPolicy;
  /** Clients to use instead of new ones; what a function creates is kept here. */
  clients: { dynamodb?: DynamoDBDocumentClient; sqs?: SQSClient; kms?: KMSClient };
}

/**
 * What a function has on AWS: customers are reached over HTTPS, at public addresses only.
 * @throws SettingError
 */
function deployed(): Deployment {
  const environment = process.env;
  const log = createJsonLog({ clock: systemClock, write: (line) => process.stdout.write(`${line}\n`) });
  return {
    environment,
    clock: systemClock,
    random: systemRandom,
    log: createSampledLog(log, logSample({ environment })),
    urlPolicy: { ...STRICT_POLICY, ...readEgressRules(builtInRules()) },
    clients: {},
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
