import type { ErrorCode } from '../../domain/errors.ts';
import { isAudited } from '../audit.ts';
import { statusOfCode } from '../http/problem.ts';
import type { Route } from '../route.ts';
import { takesKey } from '../schemas/idempotency-key.ts';

/** What a route may refuse a request for: problem codes by HTTP status, both ascending. */
export function refusalsOf(route: Route): Map<number, ErrorCode[]> {
  const pairs = [
    ...[
      ...ofCaller(route),
      ...ofTenant(route),
      ...ofSecondFactor(route),
      ...ofKey(route),
      ...ofBody(route),
      ...(route.refuses ?? []),
    ].map((code) => [statusOfCode(code), code] as const),
    ...(route.params ? [[404, 'not-found'] as const] : []),
    // A field of the body is a 422; the same code is a 400 for a query or a header.
    [400, 'invalid-request'] as const,
  ].toSorted(([a, codeA], [b, codeB]) => a - b || (codeA < codeB ? -1 : 1));
  const byStatus = new Map<number, ErrorCode[]>();
  for (const [status, code] of pairs) byStatus.set(status, [...new Set([...(byStatus.get(status) ?? []), code])]);
  return byStatus;
}

function ofCaller({ scope, platform }: Route): ErrorCode[] {
  if (scope === null) return [];
  const ofAll: ErrorCode[] = ['unauthorized', 'missing-scope', 'other-tenant', 'invalid-tenant'];
  return platform ? [...ofAll, 'platform-key-needed'] : ofAll;
}

/** No change is made for an erased tenant. */
function ofTenant(route: Route): ErrorCode[] {
  return isAudited(route) && !route.platform ? ['tenant-erased'] : [];
}

function ofSecondFactor({ secondFactor }: Route): ErrorCode[] {
  if (!secondFactor) return [];
  return ['second-factor-needed', 'second-factor-not-enrolled', 'second-factor-wrong', 'second-factor-locked'];
}

function ofKey(route: Route): ErrorCode[] {
  return takesKey(route) ? ['idempotency-conflict'] : [];
}

function ofBody({ body, bodyOptional }: Route): ErrorCode[] {
  if (!body) return [];
  return [
    ...(bodyOptional ? [] : (['no-body'] as const)),
    'incomplete-body',
    'invalid-json',
    'invalid-request',
    'invalid-utf8',
    'too-deep',
    'too-large',
    'unsupported-media-type',
  ];
}
