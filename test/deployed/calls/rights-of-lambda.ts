import type { Json } from './function-request.ts';
import { type PhysicalIds, type Template, arnOf } from './template-rights.ts';

/** Lambda writes the lines that a function prints, in its role. */
const WRITES_LINES = ['logs:CreateLogStream', 'logs:PutLogEvents'];
/** The event source receives and deletes, in the role of its function. */
const WORKS_QUEUE = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** A function, an action, and what it is done to. */
export type RightName = `${string} ${string} ${string}`;

/** The rights that no function uses by itself, because Lambda does: on its own log group, and on the queues it works. */
export function rightsOfLambda({ Resources }: Template, physicalIds: PhysicalIds): Set<RightName> {
  const named = (functionId: string, actions: readonly string[], resource: Json) => {
    const arn = arnOf(resource, Resources, physicalIds);
    return actions.map((action): RightName => `${physicalIds[functionId] ?? functionId} ${action} ${arn}`);
  };
  const found = Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
    if (Type === 'AWS::Lambda::EventSourceMapping')
      return named(Properties.FunctionName.Ref, WORKS_QUEUE, Properties.EventSourceArn);
    const logGroup = Type === 'AWS::Lambda::Function' && Properties.LoggingConfig?.LogGroup?.Ref;
    return logGroup ? named(id, WRITES_LINES, { 'Fn::GetAtt': [logGroup, 'Arn'] }) : [];
  });
  return new Set(found);
}
