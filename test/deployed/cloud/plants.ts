import { readFile, writeFile } from 'node:fs/promises';
import { Refusal } from '../../../bin/refusal.ts';
import type { Json } from '../calls/function-request.ts';
import type { Template } from '../calls/template-rights.ts';
import type { StackName } from './deployment.ts';

/** Set to the name of a fault, to see that the suites find it (docs/deploy.md). */
const VARIABLE = 'POSTRIDER_TEST_PLANT';

type Resource = Template['Resources'][string];

interface Plant {
  /** The stack that gets it. */
  stack: StackName | 'Upgraded';
  /** Changes a synthesized template. Answers how many resources it changed. */
  change(resources: Readonly<Record<string, Resource>>): number;
}

const PLANTS: Record<string, Plant> = {
  /** Dispatch may no longer send to the queue slow. */
  'missing-right': {
    stack: 'Operated',
    change: (resources) =>
      changeAll(resources, 'AWS::IAM::Policy', /Dispatch/, ({ PolicyDocument }) => {
        PolicyDocument.Statement = PolicyDocument.Statement.filter(
          ({ Action, Resource }: Json) => Action !== 'sqs:SendMessage' || !JSON.stringify(Resource).includes('Slow'),
        );
      }),
  },
  /** Lambda would stop jobs after 16 pages. */
  'unmarked-loop': {
    stack: 'Loaded',
    change: (resources) =>
      changeAll(resources, 'AWS::Lambda::Function', /Jobs/, (properties) => delete properties.RecursiveLoop),
  },
  /** The sort key of the log has another name. */
  'key-schema': {
    stack: 'Upgraded',
    change: (resources) =>
      changeAll(resources, 'AWS::DynamoDB::GlobalTable', /TablesLog/, (properties) => {
        const [, sortKey] = properties.KeySchema;
        properties.AttributeDefinitions.push({ AttributeName: 'at', AttributeType: 'S' });
        sortKey.AttributeName = 'at';
      }),
  },
};

/**
 * Plants the fault that the environment names in a synthesized template, if it is meant for this stack.
 * @throws Refusal for an unknown name
 */
export async function plantFault(stackName: string, templateFile: string): Promise<void> {
  const name = process.env[VARIABLE];
  if (name === undefined) return;
  const plant = PLANTS[name];
  if (!plant) throw new Refusal(`${VARIABLE} must be one of ${Object.keys(PLANTS).join(', ')}.`);
  if (plant.stack !== stackName) return;
  const template = JSON.parse(await readFile(templateFile, 'utf8')) as Template;
  if (plant.change(template.Resources) === 0) throw new Error(`There is nothing to plant ${name} in.`);
  await writeFile(templateFile, JSON.stringify(template));
}

function changeAll(
  resources: Readonly<Record<string, Resource>>,
  type: string,
  id: RegExp,
  change: (properties: Json) => void,
): number {
  const found = Object.entries(resources).filter(([logicalId, { Type }]) => Type === type && id.test(logicalId));
  for (const [, { Properties }] of found) change(Properties);
  return found.length;
}
