import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../../lib/adapters/dynamodb/access/client.ts';
import type { Deployment } from './deployment.ts';

/** One for the whole function: its connections are shared. */
export function documentClient({ clients }: Deployment): DynamoDBDocumentClient {
  return (clients.dynamodb ??= createDocumentClient());
}
