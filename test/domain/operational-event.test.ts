import { describe, expect, test } from 'vitest';
import type { Endpoint, EndpointStatus } from '../../lib/domain/endpoint.ts';
import { eventIdOfAlert, isIdOf, timeOf } from '../../lib/domain/ids.ts';
import { OPERATIONAL_TYPES, hasRaised, namingAlert, statusAlertOf } from '../../lib/domain/operational-event.ts';
import { indexSubscriptions } from '../../lib/domain/subscription-index.ts';
import { matches } from '../../lib/domain/subscription.ts';

describe('which changes of status are told', () => {
  const told: Record<EndpointStatus, Record<EndpointStatus, string | undefined>> = {
    active: { active: undefined, paused: 'paused', disabled: 'disabled', revoked: undefined },
    paused: { active: 'resumed', paused: undefined, disabled: 'disabled', revoked: undefined },
    disabled: { active: 'resumed', paused: 'paused', disabled: undefined, revoked: undefined },
    revoked: { active: 'resumed', paused: 'paused', disabled: 'disabled', revoked: undefined },
  };
  const cells = Object.entries(told).flatMap(([from, row]) =>
    Object.entries(row).map(([to, what]) => [from as EndpointStatus, to as EndpointStatus, what] as const),
  );
  test.each(cells)('%s → %s: %s', (from, to, what) => {
    const type = what && `postrider.endpoint.${what}`;
    expect(statusAlertOf({ status: from }, { status: to })).toBe(type);
  });
});

describe('who gets operational events', () => {
  const patterns: [string, boolean][] = [
    ['*', false],
    ['@Tasks', false],
    ['postrider.*', true],
    ['postrider.endpoint.*', true],
    ['postrider.endpoint.paused', true],
    ['postrider.delivery.*', false],
    ['task.*', false],
  ];
  test.each(patterns)('%s: %s', (pattern, gets) => {
    const event = { type: 'postrider.endpoint.paused', category: 'Tasks', data: '{}' };
    const topic = pattern === '@Tasks' ? { type: event.type } : event;
    expect(matches({ events: [pattern] }, topic)).toBe(gets);
    const find = indexSubscriptions([{ id: 'ep_1', events: [pattern] }]);
    expect(find(topic, () => true).ids).toEqual(gets ? ['ep_1'] : []);
  });

  test('beside `*`, a pattern that names them gets them, once', () => {
    const find = indexSubscriptions([{ id: 'ep_1', events: ['*', 'postrider.*', ...OPERATIONAL_TYPES] }]);
    for (const type of OPERATIONAL_TYPES) expect(find({ type }, () => true).ids).toEqual(['ep_1']);
  });
});

describe('whether the change of an alert was made', () => {
  const endpoint = { alertJobIds: undefined } as unknown as Endpoint;
  const named = (...ids: string[]) => ids.reduce(namingAlert, endpoint);

  test('it was when the endpoint names its job', () => {
    expect(hasRaised(named('job_1'), 'job_1')).toBe(true);
    expect(hasRaised(named('job_1', 'job_2'), 'job_1')).toBe(true);
  });

  test('it was not when the endpoint names others', () => {
    expect(hasRaised(named(), 'job_1')).toBe(false);
    expect(hasRaised(named('job_2'), 'job_1')).toBe(false);
    expect(hasRaised(named('job_1', 'job_2', 'job_3'), 'job_4')).toBe(false);
  });

  test('it counts as made when the endpoint has changed too often since to tell', () => {
    expect(hasRaised(named('job_1', 'job_2', 'job_3', 'job_4'), 'job_1')).toBe(true);
  });
});

test('an alert is the same event each time that it is told, and another one than any other', () => {
  const [id, again] = [eventIdOfAlert('job_1', 1_770_000_000_000), eventIdOfAlert('job_1', 1_770_000_000_000)];
  expect(again).toBe(id);
  expect(isIdOf('evt', id)).toBe(true);
  expect(timeOf(id)).toBe(1_770_000_000_000);
  expect(eventIdOfAlert('job_2', 1_770_000_000_000)).not.toBe(id);
  expect(eventIdOfAlert('job_1', 1_770_000_000_001)).not.toBe(id);
});
