import { openApi } from '../lib/api/openapi/document.ts';
import { alertMailHandlers } from '../lib/api/resources/alert-mail/handlers.ts';
import { apiKeyHandlers } from '../lib/api/resources/api-keys/handlers.ts';
import { auditLogHandlers } from '../lib/api/resources/audit-log/handlers.ts';
import { brakeHandlers } from '../lib/api/resources/brake/handlers.ts';
import { dialectHandlers } from '../lib/api/resources/dialects/handlers.ts';
import { eventTypeHandlers } from '../lib/api/resources/event-types/handlers.ts';
import { filterHandlers } from '../lib/api/resources/filters/handlers.ts';
import { mfaHandlers } from '../lib/api/resources/mfa/handlers.ts';
import { opsHandlers } from '../lib/api/resources/ops/handlers.ts';
import { portalHandlers } from '../lib/api/resources/portal/handlers.ts';
import { serviceHandlers } from '../lib/api/resources/service/handlers.ts';
import { tenantHandlers } from '../lib/api/resources/tenants/handlers.ts';
import { createGuard } from '../lib/api/guard.ts';
import { routes } from '../lib/api/routes.ts';
import { type ApiHandler, apiFunction } from './runtime/api-function.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openStore } from './runtime/dynamo-store.ts';
import { openMailer } from './runtime/mailer.ts';
import { addOwnDialects } from './runtime/own-dialects.ts';
import { facades } from './runtime/settings.ts';
import { openSecretBox } from './runtime/kms-secrets.ts';
import { urlPolicyOf } from './runtime/url-policy.ts';

/** The service itself, who may call it, and what the platform does to its tenants. */
export function createHandler(deployment: Deployment): ApiHandler {
  addOwnDialects();
  const { clock, random, log } = deployment;
  const { subscriptions, brakes, tenants, apiKeys, sessions, audit, factors, eventTypes, alertAddresses } = openStore(
    deployment,
    'config',
  );
  const secrets = openSecretBox(deployment);
  const handlers = {
    ...serviceHandlers(() => openApi(facades(deployment))),
    ...brakeHandlers,
    ...tenantHandlers,
    ...alertMailHandlers,
    ...apiKeyHandlers,
    ...dialectHandlers,
    ...filterHandlers,
    ...auditLogHandlers,
    ...mfaHandlers,
    ...portalHandlers,
    ...opsHandlers,
    ...eventTypeHandlers,
  };
  const guarding = { clock, random, log, audit, factors, secrets, subscriptions };
  return apiFunction(
    'account',
    {
      routes,
      handlers,
      ports: { ...guarding, brakes, tenants, apiKeys, sessions, eventTypes, alertAddresses, ...openMailer(deployment) },
      // Previews refuse what an endpoint may not have, and the settings in force are shown.
      urlPolicy: urlPolicyOf(deployment),
      guard: createGuard(guarding),
    },
    deployment,
  );
}

export const handler = onAws(createHandler);
