import type { EndpointStatus, EndpointStatusReason } from './endpoint.ts';

/** What can be asked of an endpoint: by a person, by the circuit breaker (`trip`), by the customer's 410 (`gone`). */
export type EndpointCall = 'pause' | 'resume' | 'enable' | 'disable' | 'revoke' | 'delete' | 'trip' | 'gone';

/** What happens to the deliveries that wait. */
export type WaitingDeliveries = 'keep' | 'release' | 'abandon' | 'probe';

export type EndpointTransition =
  | { kind: 'change'; to: EndpointStatus; reason?: EndpointStatusReason; waiting: WaitingDeliveries }
  | { kind: 'same' } // it is so already
  | { kind: 'refuse'; why: string };

const same: EndpointTransition = { kind: 'same' };
const refuse = (why: string): EndpointTransition => ({ kind: 'refuse', why });
const change = (to: EndpointStatus, waiting: WaitingDeliveries, reason?: EndpointStatusReason): EndpointTransition => ({
  kind: 'change',
  to,
  waiting,
  ...(reason && { reason }),
});

const REVOKED = 'It is revoked, which is final. Create a new endpoint.';
const NOT_DISABLED = 'It is paused, not disabled. Call resume.';
const DISABLED = 'It is disabled. Call enable first.';

/** Every cell of (status × call); docs/delivery-states.md, Endpoints. */
export const ENDPOINT_TRANSITIONS: Readonly<
  Record<EndpointStatus, Readonly<Record<EndpointCall, EndpointTransition>>>
> = {
  active: {
    pause: change('paused', 'keep', 'manual'),
    resume: same,
    enable: same,
    disable: change('disabled', 'abandon', 'manual'),
    revoke: change('revoked', 'abandon', 'manual'),
    delete: change('revoked', 'abandon', 'deleted'),
    trip: change('paused', 'probe', 'breaker'),
    gone: change('disabled', 'abandon', 'gone'),
  },
  paused: {
    // By hand over the breaker's pause: a person takes charge of it.
    pause: change('paused', 'keep', 'manual'),
    resume: change('active', 'release'),
    enable: refuse(NOT_DISABLED),
    disable: change('disabled', 'abandon', 'manual'),
    revoke: change('revoked', 'abandon', 'manual'),
    delete: change('revoked', 'abandon', 'deleted'),
    trip: same,
    gone: change('disabled', 'abandon', 'gone'),
  },
  disabled: {
    pause: refuse(DISABLED),
    resume: refuse(DISABLED),
    enable: change('active', 'keep'),
    disable: same,
    revoke: change('revoked', 'abandon', 'manual'),
    delete: change('revoked', 'abandon', 'deleted'),
    trip: same,
    gone: same,
  },
  revoked: {
    pause: refuse(REVOKED),
    resume: refuse(REVOKED),
    enable: refuse(REVOKED),
    disable: refuse(REVOKED),
    revoke: same,
    delete: change('revoked', 'keep', 'deleted'),
    trip: same,
    gone: same,
  },
};
