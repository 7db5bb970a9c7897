import type { ApiEvent } from '../../lambdas/runtime/api-function.ts';
import type { Deployment } from '../../lambdas/runtime/deployment.ts';
import type { KeyContext } from '../../lambdas/runtime/key-context.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system/system-random.ts';
import { MemoryLog } from '../support/memory-log.ts';

export interface TestDeployment extends Deployment {
  log: MemoryLog;
}

/** A deployment as on AWS, but for what a test changes. */
export function testDeployment(changes: Partial<Deployment> = {}): TestDeployment {
  return {
    environment: { POSTRIDER_LOG_TTL_DAYS: '30' },
    clock: systemClock,
    random: systemRandom,
    urlPolicy: { allowHttp: false, allowLoopback: false },
    clients: {},
    ...changes,
    log: new MemoryLog(),
  };
}

/** What API Gateway hands to a function, payload format 2.0. */
export function apiEvent(routeKey: string, parts: Partial<ApiEvent> = {}, key?: KeyContext): ApiEvent {
  return {
    version: '2.0',
    routeKey,
    rawPath: '/',
    rawQueryString: '',
    headers: {},
    isBase64Encoded: false,
    ...parts,
    requestContext: { ...parts.requestContext, ...(key && { authorizer: { lambda: key } }) },
  } as ApiEvent;
}

export const JSON_TYPE = { 'content-type': 'application/json' };
