import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult,
  Context,
} from 'aws-lambda';
import { checkedConfig } from '../lib/adapters/dynamodb/layout/checked-config.ts';
import { DynamoApiKeyStore } from '../lib/adapters/dynamodb/stores/api-key-store.ts';
import { DynamoPortalSessionStore } from '../lib/adapters/dynamodb/stores/portal-session-store.ts';
import { secretIn } from '../lib/api/auth/authenticate.ts';
import type { AuthenticatedKey } from '../lib/api/auth/authenticated-key.ts';
import { type FindPorts, findKey } from '../lib/api/auth/find-key.ts';
import { keyHeaderOf } from '../lib/api/facades/key-headers.ts';
import { type Middleware, compose, handledBy } from './runtime/compose.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { documentClient } from './runtime/document-client.ts';
import { failureLog } from './runtime/failure-log.ts';
import { invocation } from './runtime/invocations.ts';
import { type KeyContext, contextOf } from './runtime/key-context.ts';
import { tableName } from './runtime/settings.ts';

type AuthorizerRequest = APIGatewayRequestAuthorizerEventV2;
type Answer = APIGatewaySimpleAuthorizerWithContextResult<KeyContext>;

/**
 * Looks a key or a session up, once for as long as the API remembers its answer, and hands on whose it is. It lets a
 * request without a known key pass, as nobody's: the function behind it answers 401 with a problem, the same as
 * everywhere else, where the gateway's own refusal would be a bare 403. Scopes are checked there too, since the API's
 * memory is shared by all routes.
 */
export function createHandler(deployment: Deployment): (event: AuthorizerRequest, context: Context) => Promise<Answer> {
  const { clock, log } = deployment;
  const config = checkedConfig(documentClient(deployment), tableName(deployment, 'config'));
  const apiKeys = new DynamoApiKeyStore(config);
  const sessions = new DynamoPortalSessionStore(config);
  const chain = compose<AuthorizerRequest, Answer>()
    .use(invocation(deployment))
    .use(failureLog('authorizer', log))
    .use(keyLookup({ apiKeys, sessions, clock, log }));
  return handledBy(chain, async ({ event, found: { key } }) => {
    if (!key) log.info('authorizer.unknown-key', { route: event.routeKey });
    return { isAuthorized: true, context: contextOf(key) };
  });
}

/** Adds the key that the request names, if there is such a key and it has not ended. */
function keyLookup(ports: FindPorts): Middleware<AuthorizerRequest, Answer, { key: AuthenticatedKey | undefined }> {
  return {
    before: async ({ event, internal }) => {
      const [, path = ''] = event.routeKey.split(' ');
      const secret = secretIn(event.identitySource[0], keyHeaderOf(path));
      internal.key = secret === undefined ? undefined : await findKey(ports, secret);
    },
  };
}

export const handler = onAws(createHandler);
