import { afterAll, beforeAll } from 'vitest';
import { openDynamoStore } from '../../lib/adapters/dynamodb/store.ts';
import { type Emulator, createTables, startDynamo } from '../support/aws-emulators.ts';
import { isLong } from '../support/extent.ts';
import { World } from '../support/world.ts';
import type { Backend } from './backend.ts';
import { type Scenario, describeCrashPoints, ofEachMethod } from './crash-points.ts';

/**
 * DynamoDB's tables and sqlite's queues (see {@link World}); the tests of the SQS adapter have the faults of SQS. The
 * emulator runs for the tests of one file, which ask it without sockets: there are several files, so that they share the
 * cores.
 */
export function awsBackend(): Backend {
  let dynamo: Emulator;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());

  return {
    async open(settings) {
      const { client, names: tables, remove } = await createTables(dynamo.connection, dynamo.direct);
      const world = new World(1, settings, (clock, random) => openDynamoStore({ client, tables, clock, random }));
      const close = async () => {
        world.close();
        await remove();
      };
      return { world, close };
    },
    crashPoints: (calls) => ofEachMethod(calls, isLong ? firstTwoOrLast : first),
    timeoutMs: 300_000,
  };
}

const first = (nth: number) => nth === 0;
/** The emulator is too slow for all of them. */
const firstTwoOrLast = (nth: number, all: number) => nth < 2 || nth === all - 1;

/** They take too long here; sqlite runs them all. */
const LEFT_OUT = new Set([
  'a customer that answers 410',
  'an endpoint that is paused, holds, and is resumed without what it held',
  'a run of the due ones',
  'a bulk retry',
]);

/** Of each kind one that takes seconds, for `npm test`. */
const IN_PART = new Set([
  'one event to a healthy, a recovering and a dead endpoint',
  'an endpoint that is paused, holds, and is resumed',
  'a batch of events to an endpoint with a rate limit',
  'an endpoint and a replay to it, each with a key',
  'a manual retry of a delivery that waits',
  'a retry that has lost its message',
  'messages of a source',
  'two consumers of a poll endpoint',
  'a reseal of secrets',
  'an exhausted delivery whose owner is told',
]);

/** The crash points of these scenarios on DynamoDB's tables, except those that take too long. */
export function describeOnAws(scenarios: readonly Scenario[]): void {
  describeCrashPoints(
    awsBackend(),
    scenarios.filter(({ name }) => (isLong ? !LEFT_OUT.has(name) : IN_PART.has(name))),
  );
}
