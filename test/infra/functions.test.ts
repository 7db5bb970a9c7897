import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { routes } from '../../lib/api/routes.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system/system-random.ts';
import { describe, expect, test } from 'vitest';
import type { Deployment } from '../../lambdas/runtime/deployment.ts';
import type { LambdaEntry } from '../../lib/infra/written-in.ts';
import { contentsOf } from '../lambdas/bundle-contents.ts';
import { ERASES_TENANTS, RIGHTS } from './expected-rights.ts';
import { WITH_SOURCES, functionsOf, ofType, pointedAt, rightsOf, root, synthesize } from './synthesized.ts';

const maximumConcurrency = { deliveries: 40, retries: 20 };
const { resources } = synthesize({ logTtlDays: 45, maximumConcurrency, ...WITH_SOURCES });
const functions = functionsOf(resources);
const entries = readdirSync(join(root, 'lambdas'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''))
  .toSorted();

const ITS_LOG = ['logs:CreateLogStream its log', 'logs:PutLogEvents its log'];
/** Variables that hold a number or words. */
const NAME_NOTHING = new Set([
  'POSTRIDER_FACADES',
  'POSTRIDER_LOG_TTL_DAYS',
  'POSTRIDER_LOG_SAMPLE',
  'POSTRIDER_SERVICE',
  'POSTRIDER_DUE_SHARDS',
  'POSTRIDER_REQUIRE_MFA',
  'POSTRIDER_UNKNOWN_TYPES',
  'POSTRIDER_DATA_CHECK',
  'POSTRIDER_MAX_API_KEYS',
  'POSTRIDER_SOURCE_QUEUES',
]);

test('every entry of lambdas/ is a function, and there are no others', () => {
  expect(Object.keys(functions).toSorted()).toEqual(entries);
});

test('keys, second factors, the audit log and the list of tenants are out of reach of what works through queues', () => {
  for (const entry of ['dispatch', 'jobs', 'sweep']) {
    const config = rightsOf(resources, entry)
      .filter((right) => right.includes(' table config'))
      // Jobs ends tenants: it removes what it does not read.
      .filter((right) => entry !== 'jobs' || !ERASES_TENANTS.includes(right));
    expect(config.length).toBeGreaterThan(0);
    // A right without partitions would be one on all of them.
    for (const right of config) expect(right).toMatch(/ of (?!.*(?:KEYS?#|SESSIONS?#|MFA#|AUDIT#|TENANTS#))/);
  }
});

test('jobs removes the keys and the second factor of an erased tenant, and reads none', () => {
  const config = rightsOf(resources, 'jobs').filter((right) => right.includes(' table config'));
  const reading = config.filter((right) => /:(?:Batch)?GetItem /.test(right));
  for (const right of reading) expect(right).toMatch(/ of (?!.*(?:KEYS?#|SESSIONS?#|MFA#|AUDIT#|TENANTS#))/);
  const writing = config.filter((right) => /:(?:PutItem|UpdateItem) /.test(right));
  for (const right of writing) expect(right).toMatch(/ of (?!.*(?:KEYS?#|SESSIONS?#|MFA#|AUDIT#))/);
  for (const right of config) expect(right).not.toContain('AUDIT#');
});

test('the API of endpoints reaches nobody’s API keys', () => {
  const config = rightsOf(resources, 'endpoints').filter((right) => right.includes(' table config'));
  for (const right of config) expect(right).toMatch(/ of (?!.*(?:KEY|SESSION)S?#)/);
});

describe.each(entries)('%s', (entry) => {
  const shape = functions[entry];

  test('runs on Node 24, arm64, and writes JSON into a log group of its own that forgets', () => {
    expect(shape).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
    expect(shape.LoggingConfig).toMatchObject({ LogFormat: 'JSON', SystemLogLevel: 'WARN' });
    // The lines of its metrics are of level info, and Lambda drops what is below the level of the log.
    expect(shape.LoggingConfig.ApplicationLogLevel).toBe('INFO');
    const logGroup = resources[shape.LoggingConfig.LogGroup.Ref];
    expect(logGroup?.Properties.RetentionInDays).toBe(30);
    const sharing = Object.values(functions).filter(
      ({ LoggingConfig }) => LoggingConfig.LogGroup.Ref === shape.LoggingConfig.LogGroup.Ref,
    );
    expect(sharing).toHaveLength(1);
  });

  test('may do what it needs on its own tables, queues and key, and nothing else', () => {
    expect(rightsOf(resources, entry)).toEqual([...ITS_LOG, ...(RIGHTS[entry] ?? ['is not listed'])].toSorted());
    const role = resources[shape.Role['Fn::GetAtt'][0]]?.Properties;
    expect(role).not.toHaveProperty('ManagedPolicyArns');
    expect(role).not.toHaveProperty('Policies');
  });

  test('is told where its tables, queues and key are: it starts with what it is given', async () => {
    const names = Object.keys(shape.Environment.Variables);
    const environment = Object.fromEntries(names.map((name) => [name, `https://sqs.test/${name}`]));
    if ('POSTRIDER_DUE_SHARDS' in environment) environment.POSTRIDER_DUE_SHARDS = '4';
    if ('POSTRIDER_SOURCE_QUEUES' in environment) environment.POSTRIDER_SOURCE_QUEUES = '{"orders":"queue-name"}';
    environment.POSTRIDER_LOG_TTL_DAYS = shape.Environment.Variables.POSTRIDER_LOG_TTL_DAYS;
    const { createHandler } = (await import(join(root, 'lambdas', `${entry}.ts`))) as {
      createHandler: (deployment: Deployment) => unknown;
    };
    expect(createHandler({ ...aDeployment, environment })).toBeTypeOf('function');
  });

  test('has a variable for each table, queue and key that it may use, which names that one', () => {
    const told = Object.entries(shape.Environment.Variables)
      .filter(([name]) => !NAME_NOTHING.has(name))
      .map(([name, value]) => [name, pointedAt(value)]);
    const used = new Set(
      (RIGHTS[entry] ?? []).map((right) =>
        right
          .replace(/^\S+ /, '')
          .replace(/ of .*/, '')
          .replace(/\/index\/.*/, ''),
      ),
    );
    // Those that it consumes and that are no stage's are named by their queues' names (test/infra/sources.test.ts).
    for (const target of used) if (/Queueorders|billing/.test(target)) used.delete(target);
    expect(told.toSorted()).toEqual([...used].map((target) => [variableOf(target), target]).toSorted());
  });
});

function variableOf(target: string): string {
  const [kind, name = ''] = target.split(' ');
  if (target.startsWith('PostriderSourceRefused')) return 'POSTRIDER_REFUSED_QUEUE_URL';
  if (kind === 'key') return 'POSTRIDER_KMS_KEY_ID';
  return kind === 'table' ? `POSTRIDER_${name.toUpperCase()}_TABLE` : `POSTRIDER_QUEUE_${name.toUpperCase()}_URL`;
}

const aDeployment: Deployment = {
  environment: {},
  clock: systemClock,
  random: systemRandom,
  log: { info: () => {}, warn: () => {}, error: () => {} },
  urlPolicy: { allowHttp: false, allowLoopback: false },
  clients: {},
};

test.each(entries)('%s may count each queue that its code counts', async (entry) => {
  const files = (await contentsOf(entry as LambdaEntry)).filter((file) => file.startsWith('lib/pipeline/'));
  const counted = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\.inFlight\('(\w+)'\)/g)].map(([, queue]) => queue),
  );
  if (['dispatch', 'jobs'].includes(entry)) expect(counted).toContain('retries');
  const rights = rightsOf(resources, entry);
  for (const queue of counted) expect(rights).toContain(`sqs:GetQueueAttributes queue ${queue}`);
});

test('a hundredth of the events is logged, or the share that was asked for', () => {
  const sampleOf = (all: typeof functions) => all.ingest.Environment.Variables.POSTRIDER_LOG_SAMPLE;
  expect(sampleOf(functions)).toBe('0.01');
  expect(sampleOf(functionsOf(synthesize({ logSampling: 1 }).resources))).toBe('1');
  expect(() => synthesize({ logSampling: 10 })).toThrow('logSampling must be 0 to 1');
});

test('sensitive calls need a second factor where the deployment says so', () => {
  const toldOf = (all: typeof functions) =>
    Object.entries(all).flatMap(([entry, { Environment }]) =>
      'POSTRIDER_REQUIRE_MFA' in Environment.Variables ? [[entry, Environment.Variables.POSTRIDER_REQUIRE_MFA]] : [],
    );
  const asking = [...new Set(routes.filter(({ secondFactor }) => secondFactor).map(({ lambda }) => lambda))].toSorted();
  expect(toldOf(functions).toSorted()).toEqual(asking.map((entry) => [entry, 'false']));
  const required = functionsOf(synthesize({ requireMfa: true }).resources);
  expect(toldOf(required).toSorted()).toEqual(asking.map((entry) => [entry, 'true']));
});

test('the time to live of the log is the one that was asked for', () => {
  expect(functions.dispatch.Environment.Variables.POSTRIDER_LOG_TTL_DAYS).toBe('45');
});

test('sweep is called each minute, ends before the next call, and a failed call is not repeated', () => {
  const [, rule] = ofType(resources, 'AWS::Events::Rule').find(([id]) => id.includes('Sweep')) ?? [];
  expect(rule?.Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
  const [target] = rule?.Properties.Targets ?? [];
  expect(functions.sweep).toBe(resources[pointedAt(target.Arn)]?.Properties);
  expect(target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
  expect(functions.sweep.Timeout).toBeLessThan(60);
  const [[, invoke] = []] = ofType(resources, 'AWS::Lambda::EventInvokeConfig');
  expect(invoke?.Properties).toMatchObject({ MaximumRetryAttempts: 0 });
});

test('sweep is told how many shards the due index has, 4 to 64', () => {
  const shardsOf = (all: typeof functions) => all.sweep.Environment.Variables.POSTRIDER_DUE_SHARDS;
  expect(shardsOf(functions)).toBe('4');
  expect(shardsOf(functionsOf(synthesize({ dueShards: 16 }).resources))).toBe('16');
  for (const dueShards of [0, 3, 4.5, 65]) expect(() => synthesize({ dueShards })).toThrow('dueShards must be');
});
