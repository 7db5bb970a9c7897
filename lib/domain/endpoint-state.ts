import type { EndpointStatus, EndpointStatusReason } from './endpoint.ts';

/** What changes an endpoint's status: a person's call, the circuit breaker (`trip`), the customer's 410 (`gone`). */
export type EndpointCall = 'pause' | 'resume' | 'enable' | 'disable' | 'revoke' | 'delete' | 'trip' | 'gone';

/** What a change does with the endpoint's unfinished deliveries; `probe` keeps them and starts the breaker's probes. */
export type WaitingDeliveries = 'keep' | 'release' | 'abandon' | 'probe';

export type EndpointTransition =
  | { kind: 'change'; to: EndpointStatus; reason?: EndpointStatusReason; waiting: WaitingDeliveries }
  | { kind: 'same' } // nothing to do: it has that status already
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

/** Every cell of (status × call); docs/delivery-states.md, Endpoints, explains the rules. */
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
    // Over the breaker's pause: from now on only a person resumes it.
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
