import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Deployment, type ProveFlags } from '../../../bin/prove/deployment.ts';
import { Refusal } from '../../../bin/refusal.ts';
import type { Outcome, Proof } from '../../../bin/prove/row.ts';

/** What AWS's command line answers, by its first two words; a function sees all of them. */
export type Answers = Record<string, unknown>;

const STAGES = ['Account', 'Endpoints', 'Ingest', 'History', 'Poll', 'Authorizer', 'Dispatch', 'Jobs', 'Sweep'];

const RESOURCES = STAGES.flatMap((stage) => [
  { LogicalResourceId: `Postrider${stage}Function0123ABCD`, PhysicalResourceId: `fn-${stage}` },
  { LogicalResourceId: `Postrider${stage}Log0123ABCD`, PhysicalResourceId: `log-${stage}` },
]).concat({ LogicalResourceId: 'PostriderApiInfrequentAccessLog0123ABCD', PhysicalResourceId: 'log-access' });

/** A whole account: each answer can be replaced. Time passes at once, and a little of it really does. */
export function fakeAccount(apiUrl: string, answers: Answers = {}, flags: Partial<ProveFlags> = {}) {
  const calls: string[][] = [];
  const outputs: Record<string, string> = { ApiUrl: apiUrl, ConfigTableName: 'config', LogTableName: 'log' };
  const all: Answers = {
    'cloudformation describe-stacks': {
      Stacks: [
        {
          StackStatus: 'UPDATE_COMPLETE',
          Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
        },
      ],
    },
    'cloudformation list-stack-resources': { StackResourceSummaries: RESOURCES },
    'logs filter-log-events': { events: [] },
    'cloudwatch get-metric-statistics': { Datapoints: [] },
    ...answers,
  };
  let skipped = 0;
  const now = () => Date.now() + skipped;
  const deployment = new Deployment(
    { stack: 'Hooks', rate: 5, seconds: 2, ...flags },
    {
      now,
      async sleep(ms) {
        skipped += ms;
        await new Promise((resolve) => setTimeout(resolve, Math.min(ms, 100)));
      },
      async run(program, args) {
        calls.push([program, ...args]);
        const answer = all[program === 'aws' ? args.slice(0, 2).join(' ') : program];
        if (answer === undefined) throw new Refusal(`no answer to ${program} ${args.slice(0, 2).join(' ')}`);
        const said = typeof answer === 'function' ? (answer as (args: readonly string[]) => unknown)(args) : answer;
        return typeof said === 'string' ? said : JSON.stringify(said);
      },
    },
  );
  return { deployment, calls };
}

export async function outcome(
  proof: Proof,
  apiUrl: string,
  answers?: Answers,
  flags?: Partial<ProveFlags>,
): Promise<Outcome> {
  return proof.prove(fakeAccount(apiUrl, answers, flags).deployment);
}

/** An API that answers what a test says. */
export async function startApi(
  answer: (method: string, path: string) => { status: number; type?: string; body?: unknown },
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    request.resume();
    const { status, type = 'application/json', body } = answer(request.method ?? '', request.url ?? '');
    response.writeHead(status, { 'content-type': type });
    response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
