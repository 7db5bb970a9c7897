import type { Json } from './function-request.ts';
import { PSEUDO_PARAMETERS, keyArn, logGroupArn, queueArn, tableArn } from './iam-call.ts';

export interface Template {
  Resources: Record<string, { Type: string; Properties?: Json }>;
}

/** The name or URL that each resource of a stack got, by its logical id. */
export type PhysicalIds = Readonly<Record<string, string>>;

/** One action on one resource that a statement allows a function. */
export interface Right {
  functionName: string;
  action: string;
  /** May end in `*`. */
  resource: string;
  /** Each has to be met. */
  conditions: Condition[];
}

/** What a request has to be about. */
export interface Condition {
  /** `dynamodb:LeadingKeys` */
  key: string;
  /** Of its values. */
  patterns: string[];
  /** `…Like`: `*` in a pattern stands for any text, and `?` for a character. */
  isLike: boolean;
  /** `ForAllValues:…`: the key may have many values, or none. */
  ofAllValues: boolean;
}

/**
 * What the roles of a template allow its functions, action by action.
 * @throws Error for a statement that it can't judge: a deny, a condition that compares other than texts, a managed policy,
 *   many actions by one pattern (which of them are used?)
 */
export function rightsOf({ Resources }: Template, physicalIds: PhysicalIds): Right[] {
  const byType = (type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type);
  const policies = byType('AWS::IAM::Policy').map(([, { Properties }]) => Properties);
  return byType('AWS::Lambda::Function').flatMap(([id, { Properties }]) => {
    const roleId = Properties.Role['Fn::GetAtt'][0];
    const role = Resources[roleId]?.Properties ?? {};
    if (role.ManagedPolicyArns) throw new Error(`The role ${roleId} has managed policies, which are not judged.`);
    const documents = [
      ...(role.Policies ?? []),
      ...policies.filter(({ Roles }) => Roles.some((one: Json) => one.Ref === roleId)),
    ];
    const statements: Json[] = documents.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const functionName = physicalIds[id] ?? id;
    return statements.flatMap((one) => rightsIn(one, functionName, (value) => arnOf(value, Resources, physicalIds)));
  });
}

function rightsIn(statement: Json, functionName: string, resolve: (value: Json) => string): Right[] {
  const { Effect, Action, Resource, Condition = {} } = statement;
  if (Effect !== 'Allow') throw new Error(`A statement of ${functionName} denies, which is not judged.`);
  const conditions = conditionsIn(Condition, functionName);
  const actions: string[] = [Action].flat();
  if (actions.some((action) => action.includes('*')))
    throw new Error(`A right of ${functionName} to ${actions.join(', ')} is not judged: name the actions.`);
  return actions.flatMap((action) =>
    [Resource].flat().map((resource: Json) => ({
      functionName,
      action,
      resource: resolve(resource),
      conditions,
    })),
  );
}

/** Condition keys that `iamCalls` gives a request; of others nothing is known. */
const KNOWN_KEYS = /^(dynamodb:(LeadingKeys|Attributes)|kms:EncryptionContext:.+|ses:FromAddress)$/;

const KNOWN_OPERATORS = /^(ForAllValues:)?String(Like|Equals)$/;

function conditionsIn(block: Json, functionName: string): Condition[] {
  return Object.entries<Json>(block).flatMap(([operator, keys]) =>
    Object.entries<Json>(keys).map(([key, values]) => {
      if (!KNOWN_OPERATORS.test(operator) || !KNOWN_KEYS.test(key))
        throw new Error(`A condition of ${functionName} is not judged: ${JSON.stringify(block)}`);
      const [isLike, ofAllValues] = [operator.endsWith('Like'), operator.startsWith('ForAllValues:')];
      return { key, patterns: [values].flat(), isLike, ofAllValues };
    }),
  );
}

/** @throws Error for what is no ARN of a kind that is known here */
export function arnOf(value: Json, resources: Template['Resources'], physicalIds: PhysicalIds): string {
  if (typeof value === 'string') return value;
  if (value['Fn::Join']) {
    const [separator, parts] = value['Fn::Join'];
    return parts.map((part: Json) => arnOf(part, resources, physicalIds)).join(separator);
  }
  const ofAccount = PSEUDO_PARAMETERS[value.Ref];
  if (ofAccount !== undefined) return ofAccount;
  const [id, attribute] = value['Fn::GetAtt'] ?? [];
  const physicalId = physicalIds[id];
  if (attribute !== 'Arn' || physicalId === undefined)
    throw new Error(`Not an ARN known here: ${JSON.stringify(value)}`);
  const type = resources[id]?.Type ?? '';
  const toArn = ARNS[type];
  if (!toArn) throw new Error(`A right on a ${type} is not judged: ${id}`);
  return toArn(physicalId);
}

const ARNS: Record<string, (physicalId: string) => string> = {
  'AWS::DynamoDB::GlobalTable': (name) => tableArn(name),
  'AWS::DynamoDB::Table': (name) => tableArn(name),
  'AWS::SQS::Queue': queueArn,
  'AWS::KMS::Key': keyArn,
  'AWS::Logs::LogGroup': logGroupArn,
};
