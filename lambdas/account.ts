import { accountHandlers } from '../lib/api/handlers/account.ts';
import { type ApiHandler, apiFunction } from './runtime/api-function.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { onlyThese } from './runtime/only-these.ts';

/** The public routes, which read nothing: whether the service is up, and what its API looks like. */
export function createHandler(deployment: Deployment): ApiHandler {
  const { clock, random, log } = deployment;
  return apiFunction({ handlers: accountHandlers, ports: onlyThese({ clock, random, log }) }, deployment);
}

export const handler = onAws(createHandler);
