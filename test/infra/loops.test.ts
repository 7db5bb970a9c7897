import { describe, expect, test } from 'vitest';
import { entryOf, functionsOf, ofType, pointedAt, rightsOf, synthesize } from './synthesized.ts';

const { resources } = synthesize();
const functions = functionsOf(resources);
const entries = Object.keys(functions);

/** The queues whose messages Lambda passes to a function. */
const consumedBy = (entry: string) =>
  ofType(resources, 'AWS::Lambda::EventSourceMapping')
    .filter(([, { Properties }]) => entryOf(Properties.FunctionName.Ref) === entry)
    .map(([, { Properties }]) => pointedAt(Properties.EventSourceArn));

const sentBy = (entry: string) =>
  rightsOf(resources, entry)
    .filter((right) => right.startsWith('sqs:SendMessage '))
    .map((right) => right.replace('sqs:SendMessage ', ''));

/** The functions that a message of this one reaches, directly or by way of others. */
function reachedFrom(entry: string): Set<string> {
  const reached = new Set<string>();
  const open = [entry];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    const queues = sentBy(from);
    const next = entries.filter((to) => !reached.has(to) && consumedBy(to).some((queue) => queues.includes(queue)));
    for (const to of next) reached.add(to);
    open.push(...next);
  }
  return reached;
}

const looping = entries.filter((entry) => reachedFrom(entry).has(entry)).toSorted();

describe('recursive loops', () => {
  test('are made by dispatch and jobs, which send to queues that come back to them', () => {
    expect(looping).toEqual(['dispatch', 'jobs']);
  });

  test.each(entries)(
    '%s may recurse if, and only if, it is in a loop: Lambda would stop one after 16 calls',
    (entry) => {
      expect(functions[entry].RecursiveLoop).toBe(looping.includes(entry) ? 'Allow' : undefined);
    },
  );

  test.each(looping)('%s has an alarm for invocations that Lambda drops all the same', (entry) => {
    const watched = ofType(resources, 'AWS::CloudWatch::Alarm')
      .filter(([, { Properties }]) => Properties.MetricName === 'RecursiveInvocationsDropped')
      .map(([, { Properties }]) => entryOf(Properties.Dimensions[0].Value.Ref));
    expect(watched).toContain(entry);
  });
});
