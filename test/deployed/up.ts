import { delimiter } from 'node:path';
import { Refusal, explain } from '../../bin/refusal.ts';
import { serveAt } from '../e2e/receiver.ts';
import { endBySignals } from './cloud/child-process.ts';
import { type RunningDeployment, startDeployment } from './cloud/deployment.ts';
import { ROOT_CREDENTIALS } from './cloud/emulator.ts';

/** Leaves the deployed stack up until a signal, with a customer's server for it to deliver to. */
async function deployAndWait(): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const deployment = await startDeployment({
    name: 'Postrider',
    receiversOnLoopback: true,
    context: {},
    onStep: (step) => process.stderr.write(`${step} …\n`),
  });
  const receiver = await startReceiver(deployment);
  console.log(firstScreen(deployment, `${receiver.origin}/`));
  await interrupted;
  await receiver.stop();
  await deployment.stop();
}

/** A server that takes every webhook, and prints it. */
function startReceiver({ receiverPlace }: RunningDeployment) {
  return serveAt(receiverPlace, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    console.log(`received ${request.headers['webhook-id']}: ${Buffer.concat(chunks).toString()}`);
    response.end();
  });
}

function firstScreen({ apiUrl, apiKey, stack, proxyUrl, logFile }: RunningDeployment, receiverUrl: string): string {
  const post = (path: string, body: unknown) =>
    `curl ${apiUrl}${path} -H 'authorization: Bearer ${apiKey}' -H 'postrider-tenant: demo' \\
  -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
  return `
The stack ${stack.name} is deployed in an emulated account.

API        ${apiUrl}
key        ${apiKey}
receiver   ${receiverUrl} (this command's own: it prints what arrives)
log        ${logFile}

${post('/v1/endpoints', { url: receiverUrl, events: ['*'] })}
${post('/v1/events', { type: 'task.completed', data: { n: 1 } })}

The account, for aws, cdk and the commands of docs/deploy.md:
export ${assignments({ AWS_ENDPOINT_URL: proxyUrl, ...ROOT_CREDENTIALS })}
export PATH=${addedToPath(stack.environment)}:$PATH
(aws sqs asks for its endpoint once more: --endpoint-url $AWS_ENDPOINT_URL)

Ctrl-C ends all of it.
`;
}

const assignments = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

/** The folders of the commands `cdk` and `aws`, which need not be on the user's own PATH. */
function addedToPath({ PATH = '' }: NodeJS.ProcessEnv): string {
  const { PATH: own = '' } = process.env;
  return PATH.slice(0, PATH.length - own.length - delimiter.length);
}

endBySignals();
try {
  await deployAndWait();
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : explain(error)}\n`);
  process.exitCode = 1;
}
