import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { SCHEMA_KEY } from '../../../../lib/adapters/dynamodb/layout/keys.ts';
import { type MockedStore, openMockedStore, refusedCondition } from '../fixture.ts';

/** All but the one of the schema. */
const readsOfItems = (calls: MockedStore['calls']) =>
  calls.commandCalls(GetCommand).filter((call) => call.args[0].input.Key?.sk !== SCHEMA_KEY.sk);

describe('a write whose answer was lost', () => {
  /** @param attempts how often the SDK sent it */
  async function repeatPut(attempts: number, storedCursor: string) {
    const { store, calls, make } = openMockedStore();
    calls.on(PutCommand).rejects(refusedCondition(attempts));
    calls.on(GetCommand).callsFake(() => {
      const { Item } = calls.commandCalls(PutCommand)[0]?.args[0].input ?? {};
      return { Item: { ...Item, cursor: storedCursor } };
    });
    return { made: await store.jobs.createUnlessExists({ ...make.job(), cursor: 'mine' }), calls };
  }

  async function repeatChange(attempts: number, storedLabel: string) {
    const { store, calls, make } = openMockedStore();
    calls.on(UpdateCommand).rejects(refusedCondition(attempts));
    calls.on(GetCommand).callsFake(() => {
      const { ExpressionAttributeValues } = calls.commandCalls(UpdateCommand)[0]?.args[0].input ?? {};
      const endpoint = { ...ExpressionAttributeValues?.[':value'], label: storedLabel };
      return { Item: { pk: 'p', sk: 's', endpoint, health_generation: 1, consecutive_failures: 3 } };
    });
    const endpoint = make.endpoint({ generation: 2, label: 'mine' });
    return { made: await store.endpoints.replaceIfGeneration(endpoint, 1), calls };
  }

  describe.each([
    ['a put', repeatPut],
    ['a change of an endpoint, whose health was noted since,', repeatChange],
  ])('%s', (_what, repeat) => {
    test('that the SDK repeated counts as made when what is stored is what was written', async () => {
      expect((await repeat(2, 'mine')).made).toBe(true);
      expect((await repeat(2, 'another’s')).made).toBe(false);
    });

    test('is not looked for when the SDK asked once', async () => {
      const { made, calls } = await repeat(1, 'mine');
      expect(made).toBe(false);
      expect(readsOfItems(calls)).toHaveLength(0);
    });
  });
});
