import { expect, test } from 'vitest';
import { PHYSICAL_IDS, stackTemplate } from './planted.ts';
import { replacedResources } from './replaced-resources.ts';

const before = { template: stackTemplate(), physicalIds: PHYSICAL_IDS };

test('a deployment that leaves what keeps state alone passes, whatever else it changes', () => {
  const template = stackTemplate({ worker: { Timeout: 10 }, table: { BillingMode: 'PAY_PER_REQUEST' } });
  expect(replacedResources(before, { template, physicalIds: PHYSICAL_IDS })).toEqual([]);
});

test('a planted change of a table’s key schema is found', () => {
  const KeySchema = [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'at', KeyType: 'RANGE' },
  ];
  const AttributeDefinitions = [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'at', AttributeType: 'N' },
  ];
  const template = stackTemplate({ table: { KeySchema, AttributeDefinitions } });
  expect(replacedResources(before, { template, physicalIds: PHYSICAL_IDS })).toEqual([
    expect.stringMatching(/^Table .* can’t keep its data: .*RANGE sk S.* became .*RANGE at N/),
  ]);
});

test('a resource that got another name, and one that is gone, are found', () => {
  const physicalIds = { ...PHYSICAL_IDS, Table: 'stack-table-2' };
  const { Queue: _, ...Resources } = stackTemplate().Resources;
  expect(replacedResources(before, { template: { Resources }, physicalIds })).toEqual([
    'Queue (AWS::SQS::Queue) is no longer in the template',
    'Table (AWS::DynamoDB::GlobalTable) was made anew',
  ]);
});
