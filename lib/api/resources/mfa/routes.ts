import { withoutFields } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { mfa, mfaCode, mfaEnrolment, recoveryCodes, stepUp } from './schemas.ts';

const uses = { lambda: 'account', ofKey: true, scope: 'mfa:use', status: 200 } as const;
const changes = { lambda: 'account', ofKey: true, method: 'POST', scope: 'mfa:write', status: 200 } as const;
const OF_CODES = ['second-factor-wrong', 'second-factor-locked', 'second-factor-not-enrolled'] as const;

export const mfaRoutes = {
  get: {
    ...uses,
    id: 'mfa.get',
    operationId: 'getMfa',
    method: 'GET',
    path: '/v1/mfa',
    summary: 'Whether the key’s owner has a second factor.',
    response: mfa,
  },
  enrol: {
    ...changes,
    ...withoutFields,
    id: 'mfa.enrol',
    operationId: 'enrolMfa',
    path: '/v1/mfa/enrol',
    summary: 'Makes a second factor for an authenticator app. It counts once a code has confirmed it.',
    response: mfaEnrolment,
    status: 201,
    refuses: ['wrong-state'],
  },
  confirm: {
    ...changes,
    id: 'mfa.confirm',
    operationId: 'confirmMfa',
    path: '/v1/mfa/confirm',
    summary: 'Switches the new second factor on, by its first code. Only this answer shows the recovery codes.',
    body: mfaCode,
    response: recoveryCodes,
    refuses: [...OF_CODES, 'wrong-state'],
  },
  recoveryCodes: {
    ...changes,
    ...withoutFields,
    id: 'mfa.recovery-codes',
    operationId: 'replaceRecoveryCodes',
    path: '/v1/mfa/recovery-codes',
    secondFactor: true,
    summary: 'Replaces the recovery codes. Only this answer shows them.',
    response: recoveryCodes,
    refuses: ['wrong-state'],
  },
  disable: {
    ...changes,
    ...withoutFields,
    id: 'mfa.disable',
    operationId: 'disableMfa',
    path: '/v1/mfa/disable',
    secondFactor: true,
    summary: 'Removes the second factor.',
    response: mfa,
  },
  stepUp: {
    ...uses,
    id: 'mfa.step-up',
    operationId: 'stepUp',
    method: 'POST',
    path: '/v1/mfa/step-up',
    summary: 'Lets this key make sensitive calls without a code for ten minutes.',
    body: mfaCode,
    response: stepUp,
    refuses: [...OF_CODES, 'wrong-state'],
  },
} as const satisfies Record<string, Route>;
