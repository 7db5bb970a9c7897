import { readFileSync } from 'node:fs';
import { App, Validations } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { FACADES } from '../lib/api/facades/facades.ts';
import { builtConsole } from '../lib/local/console/built-console.ts';
import { readSourcesFile } from './sources-file.ts';
import { PostriderStack } from '../lib/infra/postrider-stack.ts';

const app = new App();
const stackName = contextText('stackName') ?? 'Postrider';
const alarmTopicArn = contextText('alarmTopicArn');
const alertsTopic = contextText('alertsTopicArn');

const accountConcurrency = contextText('accountConcurrency');
const egress = contextText('egress');
if (egress !== undefined && egress !== 'lambda' && egress !== 'static-ips') {
  throw new RangeError(`-c egress=${egress}: it must be lambda or static-ips`);
}
const facades = contextText('facades')?.split(',') ?? [];
const unknown = facades.find((name) => !(FACADES as readonly string[]).includes(name));
if (unknown !== undefined) throw new RangeError(`-c facades=${unknown}: each must be ${FACADES.join(' or ')}`);
const dialectsFile = contextText('dialects');
const sourcesFile = contextText('sources');
const frameAncestors = contextText('console');
if (frameAncestors !== undefined) await builtConsole();

const stack = new PostriderStack(app, stackName, {
  ...(egress !== undefined && { egress: { kind: egress } }),
  ...(accountConcurrency !== undefined && { accountConcurrency: Number(accountConcurrency) }),
  facades: FACADES.filter((name) => facades.includes(name)),
  ...(frameAncestors !== undefined && { console: { frameAncestors: frameAncestors.split(',') } }),
  ...(dialectsFile !== undefined && { dialects: JSON.parse(readFileSync(dialectsFile, 'utf8')) }),
  ...(sourcesFile !== undefined && { sources: readSourcesFile(sourcesFile) }),
  ...(alertsTopic !== undefined && { alertsTopic }),
});
if (alarmTopicArn !== undefined) stack.postrider.alarms.tell(Topic.fromTopicArn(stack, 'AlarmTopic', alarmTopicArn));
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

/** A value of `cdk … -c name=value`. */
function contextText(name: string): string | undefined {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
