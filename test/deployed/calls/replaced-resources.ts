import type { Json } from './function-request.ts';
import type { PhysicalIds, Template } from './template-rights.ts';

export interface DeployedVersion {
  template: Template;
  physicalIds: PhysicalIds;
}

/**
 * What each kind of resource that keeps state can't change without being made anew, by the "Update requires" of the
 * CloudFormation Template Reference.
 */
const IDENTITIES: Record<string, (properties: Json) => unknown> = {
  'AWS::DynamoDB::GlobalTable': tableIdentity,
  'AWS::DynamoDB::Table': tableIdentity,
  'AWS::SQS::Queue': ({ QueueName, FifoQueue }) => ({ QueueName, FifoQueue }),
  'AWS::KMS::Key': ({ KeySpec, KeyUsage, MultiRegion }) => ({ KeySpec, KeyUsage, MultiRegion }),
};

/** The resources that keep state and were lost or made anew by a deployment, each as a sentence. */
export function replacedResources(before: DeployedVersion, after: DeployedVersion): string[] {
  return Object.entries(before.template.Resources).flatMap(([id, { Type, Properties }]) => {
    const identity = IDENTITIES[Type];
    if (!identity) return [];
    const present = after.template.Resources[id];
    if (present?.Type !== Type) return [`${id} (${Type}) is no longer in the template`];
    if (after.physicalIds[id] !== before.physicalIds[id]) return [`${id} (${Type}) was made anew`];
    const [was, is] = [Properties, present.Properties].map((each) => JSON.stringify(identity(each ?? {})));
    return was === is ? [] : [`${id} (${Type}) can’t keep its data: ${was} became ${is}`];
  });
}

function tableIdentity({ TableName, KeySchema, AttributeDefinitions }: Json): unknown {
  const keys = KeySchema.map(({ AttributeName, KeyType }: Json) => {
    const { AttributeType } = AttributeDefinitions.find((one: Json) => one.AttributeName === AttributeName) ?? {};
    return `${KeyType} ${AttributeName} ${AttributeType}`;
  });
  return { TableName, keys };
}
