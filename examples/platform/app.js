// A platform that sells orders, in a stack of its own. Postrider stands in another stack and tells the platform's customers
// by webhook what becomes of their orders.

import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Postrider } from '@postrider/construct';

const app = new App();

const webhooks = new Stack(app, 'Webhooks');
const alarmTopic = new Topic(webhooks, 'Alarms', { enforceSSL: true });
const postrider = new Postrider(webhooks, 'Postrider', {
  alarmTopic,
  logTtlDays: 14,
  corsOrigins: ['https://app.example.com'],
  egress: { allowedPorts: ['443'] },
  rollout: 'canary',
});
// What `npx postrider create-key --stack Webhooks` and the other commands read.
postrider.addOutputs();

const platform = new Stack(app, 'Platform');
// Filled by hand after the first deployment, with a key that the command above makes.
const apiKey = new Secret(platform, 'WebhooksKey', { description: 'A platform key of Postrider' });
const orders = new LambdaFunction(platform, 'Orders', {
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromAsset(join(import.meta.dirname, 'orders')),
  timeout: Duration.seconds(30),
  environment: { POSTRIDER_URL: postrider.api.url, POSTRIDER_KEY_SECRET: apiKey.secretName },
});
apiKey.grantRead(orders);
void new CfnOutput(platform, 'OrdersFunction', { value: orders.functionName });
