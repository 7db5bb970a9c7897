import { FACADES, type Facade } from '../../lib/api/facades/facades.ts';
import { FIRST_DUE_SHARDS, MOST_DUE_SHARDS } from '../../lib/adapters/dynamodb/layout/shards.ts';
import { DEFAULT_API_SETTINGS } from '../../lib/api/api-settings.ts';
import { DAY } from '../../lib/domain/durations.ts';
import type { EventTypePolicy } from '../../lib/domain/event-type.ts';
import { DEFAULT_SETTINGS, type PipelineSettings } from '../../lib/pipeline/settings.ts';
import type { QueueName } from '../../lib/ports/queues.ts';

/** Where the stack puts a function's settings. */
export interface Surroundings {
  environment: Readonly<Record<string, string | undefined>>;
}

export type Table = 'config' | 'log';

/** A setting that the stack gives the function is not there, or can't be read. */
export class SettingError extends Error {
  override name = 'SettingError';
}

/** @throws SettingError when it is missing or empty */
export function setting({ environment }: Surroundings, name: string): string {
  const value = environment[name];
  if (value) return value;
  throw new SettingError(`The environment variable ${name} is not set: deploy the stack again, which sets it.`);
}

/** A queue's URL: `POSTRIDER_QUEUE_RETRIES_URL` for retries. @throws SettingError */
export function queueUrl(surroundings: Surroundings, queue: QueueName): string {
  return setting(surroundings, `POSTRIDER_QUEUE_${queue.toUpperCase()}_URL`);
}

/**
 * Which source each queue is of, by the queue's name.
 * @throws SettingError
 */
export function sourceQueues(surroundings: Surroundings): ReadonlyMap<string, string> {
  const sources = JSON.parse(setting(surroundings, 'POSTRIDER_SOURCE_QUEUES')) as Record<string, string>;
  return new Map(Object.entries(sources).map(([source, queue]) => [queue, source]));
}

/** @throws SettingError */
export function tableName(surroundings: Surroundings, table: Table): string {
  return setting(surroundings, `POSTRIDER_${table.toUpperCase()}_TABLE`);
}

/**
 * The share of events whose routine lines are logged.
 * @throws SettingError when it is not a number from 0 to 1
 */
export function logSample(surroundings: Surroundings): number {
  const name = 'POSTRIDER_LOG_SAMPLE';
  const text = setting(surroundings, name);
  const share = Number(text);
  if (share >= 0 && share <= 1) return share;
  throw new SettingError(`The environment variable ${name} is ${JSON.stringify(text)}: it must be 0 to 1.`);
}

/** What names the service in its metrics, as in the names of its alarms. @throws SettingError */
export function serviceName(surroundings: Surroundings): string {
  return setting(surroundings, 'POSTRIDER_SERVICE');
}

/** How many shards sweep raises the due index to. @throws SettingError when it is not a whole number from 4 to 64 */
export function dueShards(surroundings: Surroundings): number {
  const name = 'POSTRIDER_DUE_SHARDS';
  const text = setting(surroundings, name);
  const shards = Number(text);
  if (Number.isInteger(shards) && shards >= FIRST_DUE_SHARDS && shards <= MOST_DUE_SHARDS) return shards;
  throw new SettingError(`The environment variable ${name} is ${JSON.stringify(text)}: it must be 4 to 64.`);
}

/** Does the deployment refuse sensitive calls without a second factor? Only functions that ask for one are told. */
export function requireMfa({ environment }: Surroundings): boolean {
  return environment['POSTRIDER_REQUIRE_MFA'] === 'true';
}

/** Does the function's network have no way out for IPv6? Only functions in a VPC are told. */
export function isIpv4Only({ environment }: Surroundings): boolean {
  return environment['POSTRIDER_IPV4_ONLY'] === 'true';
}

/** How many live API keys a tenant may have. Only the function that makes them is told. */
export function maxApiKeys({ environment }: Surroundings): number {
  return Number(environment['POSTRIDER_MAX_API_KEYS'] ?? DEFAULT_API_SETTINGS.maxApiKeys);
}

/** Where the console is, if the deployment knows. Only functions that write links to it are told. */
export function consoleUrl({ environment }: Surroundings): string | undefined {
  return environment['POSTRIDER_CONSOLE_URL'];
}

/** The topic that alerts are published to. Only the function that tells them is told. */
export function alertsTopic({ environment }: Surroundings): string | undefined {
  return environment['POSTRIDER_ALERTS_TOPIC_ARN'];
}

/** Whom mails are from. Only functions that send some are told. */
export function mailFrom({ environment }: Surroundings): string | undefined {
  return environment['POSTRIDER_MAIL_FROM'];
}

/** Of tenants that have set nothing themselves. Only functions that look into the catalogue are told. */
export function eventTypePolicy({ environment }: Surroundings): EventTypePolicy {
  const dataCheck = environment['POSTRIDER_DATA_CHECK'] as EventTypePolicy['dataCheck'];
  return {
    ...(environment['POSTRIDER_UNKNOWN_TYPES'] === 'refuse' && { refusesUnknown: true }),
    ...(dataCheck !== undefined && { dataCheck }),
  };
}

/** The façades that the deployment has switched on, for its own description. */
export function facades({ environment }: Surroundings): Facade[] {
  const names = environment['POSTRIDER_FACADES']?.split(' ') ?? FACADES;
  return FACADES.filter((facade) => names.includes(facade));
}

/** @throws SettingError when the days are not a whole number from 1 on */
export function pipelineSettings(surroundings: Surroundings): PipelineSettings {
  const name = 'POSTRIDER_LOG_TTL_DAYS';
  const text = setting(surroundings, name);
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1) {
    throw new SettingError(`The environment variable ${name} is ${JSON.stringify(text)}: it must be a number of days.`);
  }
  return { ...DEFAULT_SETTINGS, logTtlMs: days * DAY };
}
