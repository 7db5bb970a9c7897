import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { functionsOf, rightsOf, synthesize } from './synthesized.ts';

const plain = synthesize().resources;
const { app, resources } = synthesize({ tracing: true });

test('with tracing, X-Ray traces every function, and each may write what it traces', () => {
  for (const [entry, { TracingConfig }] of Object.entries(functionsOf(resources))) {
    expect(TracingConfig, entry).toEqual({ Mode: 'Active' });
    const added = rightsOf(resources, entry).filter((right) => !rightsOf(plain, entry).includes(right));
    expect(added, entry).toEqual(['xray:PutTelemetryRecords *', 'xray:PutTraceSegments *']);
  }
});

test('it is Lambda’s own: the code and the settings of the functions stay as they are', () => {
  const shapes = functionsOf(plain);
  for (const [entry, { TracingConfig: _, ...shape }] of Object.entries(functionsOf(resources))) {
    expect({ ...shape, DependsOn: undefined }, entry).toEqual({ ...shapes[entry], DependsOn: undefined });
  }
});

test('cdk-nag finds nothing that is not acknowledged', () => {
  expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
});
