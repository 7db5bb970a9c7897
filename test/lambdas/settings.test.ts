import { expect, test } from 'vitest';
import { createHandler as createIngest } from '../../lambdas/ingest.ts';
import {
  SettingError,
  dueShards,
  eventTypePolicy,
  logSample,
  maxApiKeys,
  pipelineSettings,
  queueUrl,
  tableName,
} from '../../lambdas/runtime/settings.ts';
import { testDeployment } from './calls.ts';

const DAY_MS = 86_400_000;

test('the stack’s environment is read under its names', () => {
  const surroundings = {
    environment: {
      POSTRIDER_CONFIG_TABLE: 'config-1',
      POSTRIDER_QUEUE_RETRIES_URL: 'https://sqs/retries',
      POSTRIDER_LOG_TTL_DAYS: '7',
    },
  };
  expect(tableName(surroundings, 'config')).toBe('config-1');
  expect(queueUrl(surroundings, 'retries')).toBe('https://sqs/retries');
  expect(pipelineSettings(surroundings).logTtlMs).toBe(7 * DAY_MS);
});

test('a function without one of its settings does not start, and names it', () => {
  const environment = { POSTRIDER_CONFIG_TABLE: 'c', POSTRIDER_LOG_TABLE: 'l', POSTRIDER_LOG_TTL_DAYS: '30' };
  expect(() => createIngest(testDeployment({ environment }))).toThrow(SettingError);
  expect(() => createIngest(testDeployment({ environment }))).toThrow('POSTRIDER_QUEUE_DELIVERIES_URL is not set');
  expect(() => createIngest(testDeployment({ environment: { ...environment, POSTRIDER_LOG_TABLE: '' } }))).toThrow(
    'POSTRIDER_LOG_TABLE is not set',
  );
});

test.each(['0', '-1', '1.5', 'thirty'])('a log of %j days is refused', (days) => {
  expect(() => pipelineSettings({ environment: { POSTRIDER_LOG_TTL_DAYS: days } })).toThrow('must be a number of days');
});

test.each([
  ['0', 0],
  ['0.1', 0.1],
  ['1', 1],
])('a log sample of %j is read', (text, share) => {
  expect(logSample({ environment: { POSTRIDER_LOG_SAMPLE: text } })).toBe(share);
});

test.each(['-0.1', '1.1', 'some', ''])('a log sample of %j is refused', (text) => {
  expect(() => logSample({ environment: { POSTRIDER_LOG_SAMPLE: text } })).toThrow('POSTRIDER_LOG_SAMPLE');
});

test.each(['3', '65', '4.5', 'many'])('%j shards of the due index are refused', (shards) => {
  expect(() => dueShards({ environment: { POSTRIDER_DUE_SHARDS: shards } })).toThrow('it must be 4 to 64');
});

test('what the deployment says of event types and API keys is read, and nothing where it says nothing', () => {
  const environment = {
    POSTRIDER_UNKNOWN_TYPES: 'refuse',
    POSTRIDER_DATA_CHECK: 'warn',
    POSTRIDER_MAX_API_KEYS: '7',
  };
  expect(eventTypePolicy({ environment })).toEqual({ refusesUnknown: true, dataCheck: 'warn' });
  expect(maxApiKeys({ environment })).toBe(7);
  expect(eventTypePolicy({ environment: {} })).toEqual({});
  expect(maxApiKeys({ environment: {} })).toBe(100);
});
