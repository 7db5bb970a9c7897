import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult,
  Context,
} from 'aws-lambda';
import { DocumentTable } from '../lib/adapters/dynamodb/access/document-table.ts';
import { DynamoApiKeyStore } from '../lib/adapters/dynamodb/stores/api-key-store.ts';
import { bearerKey, hashApiKey } from '../lib/api/auth/api-key.ts';
import { compose } from './runtime/compose.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { documentClient } from './runtime/document-client.ts';
import { type KeyContext, contextOf } from './runtime/key-context.ts';
import { tableName } from './runtime/settings.ts';

type Answer = APIGatewaySimpleAuthorizerWithContextResult<KeyContext>;

/**
 * Looks a key up, once for as long as the API remembers its answer, and hands on whose it is. It lets a request without
 * a known key pass, as nobody's: the function behind it answers 401 with a problem, the same as everywhere else, where
 * the gateway's own refusal would be a bare 403. Scopes are checked there too, since the API's memory is shared by all
 * routes.
 */
export function createHandler(deployment: Deployment) {
  const apiKeys = new DynamoApiKeyStore(new DocumentTable(documentClient(deployment), tableName(deployment, 'config')));
  return compose<APIGatewayRequestAuthorizerEventV2, Answer>().handler(
    async (event: APIGatewayRequestAuthorizerEventV2): Promise<Answer> => {
      const secret = bearerKey(event.identitySource[0]);
      const key = secret === undefined ? undefined : await apiKeys.find(hashApiKey(secret));
      if (!key) deployment.log.info('authorizer.unknown-key', { route: event.routeKey });
      return { isAuthorized: true, context: contextOf(key) };
    },
  ) as (event: APIGatewayRequestAuthorizerEventV2, context: Context) => Promise<Answer>;
}

export const handler = onAws(createHandler);
