import { App, Validations } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { PostriderStack } from '../lib/infra/postrider-stack.ts';
import { builtConsole } from '../lib/local/console/built-console.ts';
import { appSettings } from './app-settings.ts';

const app = new App();
const { stackName, alarmTopicArn, props } = appSettings((name) => {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
});
if (props.console) await builtConsole();

const stack = new PostriderStack(app, stackName, props);
if (alarmTopicArn !== undefined) stack.postrider.alarms.tell(Topic.fromTopicArn(stack, 'AlarmTopic', alarmTopicArn));
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
