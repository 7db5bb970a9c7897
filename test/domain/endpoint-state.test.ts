import { describe, expect, test } from 'vitest';
import type { EndpointStatus } from '../../lib/domain/endpoint.ts';
import { ENDPOINT_TRANSITIONS, type EndpointCall } from '../../lib/domain/endpoint-state.ts';

const cells = Object.entries(ENDPOINT_TRANSITIONS).flatMap(([from, row]) =>
  Object.entries(row).map(([call, cell]) => ({ from: from as EndpointStatus, call: call as EndpointCall, cell })),
);

describe('every cell of the endpoint table', () => {
  test.each(cells)('$from × $call → $cell.kind $cell.to', ({ from, call, cell }) => {
    // Revoked is final.
    if (from === 'revoked' && cell.kind === 'change') expect(cell.to).toBe('revoked');
    // The breaker and a customer's answer are never refused: nobody is there to read it.
    if (call === 'trip' || call === 'gone') expect(cell.kind).not.toBe('refuse');
    if (cell.kind === 'refuse') expect(cell.why).toMatch(/\. (Call|Create) /);
    if (cell.kind !== 'change') return;
    // What is shut gives its waiting deliveries up, what is paused keeps them, what is resumed sends them.
    if (cell.to === 'disabled') expect(cell.waiting).toBe('abandon');
    if (cell.to === 'revoked' && from !== 'revoked') expect(cell.waiting).toBe('abandon');
    if (cell.to === 'paused') expect(cell.waiting).toBe(call === 'trip' ? 'probe' : 'keep');
    if (from === 'paused' && cell.to === 'active') expect(cell.waiting).toBe('release');
  });
});

test('a person can take over a pause of the breaker, the breaker never one of a person', () => {
  expect(ENDPOINT_TRANSITIONS.paused.pause).toMatchObject({ to: 'paused', reason: 'manual' });
  expect(ENDPOINT_TRANSITIONS.paused.trip).toEqual({ kind: 'same' });
});
