import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { FIRST_DUE_SHARDS } from '../adapters/dynamodb/layout/shards.ts';
import { DEFAULT_API_SETTINGS } from '../api/api-settings.ts';
import { CONSOLE_URL_RULE, isConsoleUrl } from '../domain/console-settings.ts';
import { DEFAULT_LOG_TTL_DAYS } from '../domain/log-lifetime.ts';
import { checkedAlertMail } from './alert-mail.ts';
import { checkReserved, maximumConcurrencyOf, reservedByDefault } from './concurrency.ts';
import { memoryOf } from './memory.ts';
import type { PostriderProps } from './postrider-props.ts';
import { checkReadable } from './readable-props.ts';

export const DEFAULT_LOG_SAMPLING = 0.01;
const DEFAULT_THROTTLING = { rateLimit: 500, burstLimit: 1000 };

/**
 * The properties of a service that have a default or a rule; the others are checked by those who take them.
 * @throws RangeError
 */
export function checkedProps(props: PostriderProps) {
  checkReadable(props);
  const { unknownTypes = 'accept', dataCheck = 'off', domain, console } = props;
  if (domain && domain.name === console?.domain?.name)
    throw new RangeError('domain and console.domain must be two names');
  const maximumConcurrency = maximumConcurrencyOf(props.maximumConcurrency, props.accountConcurrency);
  const reservedConcurrency = { ...reservedByDefault(props.accountConcurrency), ...props.reservedConcurrency };
  checkReserved(reservedConcurrency, maximumConcurrency);
  return {
    logTtlDays: props.logTtlDays ?? DEFAULT_LOG_TTL_DAYS,
    logSampling: props.logSampling ?? DEFAULT_LOG_SAMPLING,
    logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
    removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    dueShards: props.dueShards ?? FIRST_DUE_SHARDS,
    facades: props.facades ?? [],
    maxApiKeys: props.maxApiKeys ?? DEFAULT_API_SETTINGS.maxApiKeys,
    dashboard: props.dashboard ?? true,
    throttling: props.throttling ?? DEFAULT_THROTTLING,
    corsOrigins: props.corsOrigins ?? [],
    rollout: props.rollout ?? 'replace',
    sources: props.sources ?? {},
    memory: memoryOf(props.memory),
    maximumConcurrency,
    reservedConcurrency,
    consoleUrl: consoleUrlOf(props),
    alertMail: props.alertMail && checkedAlertMail(props.alertMail),
    requireMfa: props.requireMfa ?? false,
    tracing: props.tracing ?? false,
    eventTypePolicy: { refusesUnknown: unknownTypes === 'refuse', dataCheck },
  };
}

/** The console's own name says where it is. */
function consoleUrlOf({ consoleUrl, console }: PostriderProps): string | undefined {
  const ownName = console?.domain?.name;
  const url = consoleUrl ?? (ownName === undefined ? undefined : `https://${ownName}/`);
  if (url !== undefined && !isConsoleUrl(url)) throw new RangeError(`consoleUrl ${CONSOLE_URL_RULE}`);
  return url;
}
