import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Listener } from '../../../lib/local/service/listener.ts';
import { eventually } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { type DeployedVersion, replacedResources } from '../calls/replaced-resources.ts';
import { type Deployment, currentDeployment, deployForUse } from '../cloud/deployment.ts';
import { previousVersion } from '../cloud/previous-version.ts';
import { killAll, listProcesses } from '../cloud/processes.ts';
import { type StackPlace, deploy, readPhysicalIds, readTemplate, synthesize } from '../cloud/stack.ts';
import { countMessages, queueUrl, sqsClient } from './deployed.ts';
import { allArrive } from './load.ts';
import { Posting } from './posting.ts';

const MINUTE_MS = 60_000;
const POLL_MS = 500;
/** A message whose function was killed is hidden for two minutes (lib/infra/queues.ts); sweep comes each minute. */
const LIMIT_MS = 5 * MINUTE_MS;
const KILLS = 5;
const BETWEEN_KILLS_MS = 1500;

describe('a stack of its own, upgraded and killed under load', () => {
  const account = currentDeployment();
  const stack: StackPlace = { ...account.stack, name: 'Upgraded', assembly: `${account.workFolder}/cdk.upgraded` };
  const sqs = sqsClient(account);
  let before: StackPlace | undefined;
  let deployed: Pick<Deployment, 'apiUrl' | 'apiKey' | 'outputs'> & { door: Listener };
  let receiver: Receiver;

  beforeAll(async () => {
    before = await previousVersion(stack, account.workFolder);
    receiver = await Receiver.start((nth) => (nth === 1 ? 500 : 200), account.receiverPlace);
    await Promise.all([synthesize(stack), before && synthesize(before)]);
    deployed = await deployForUse(before ?? stack, account.proxyUrl);
  }, LIMIT_MS);
  afterAll(async () => {
    sqs.destroy();
    await receiver.stop();
    await deployed.door.close();
  });

  const startPosting = (tenant: string) => Posting.start(deployed, tenant, `${receiver.url}/${tenant}`);
  const allDelivered = (posting: Posting) =>
    eventually(
      () => posting.countUndelivered(),
      (count) => count === 0,
      { ms: LIMIT_MS, everyMs: POLL_MS },
    );

  test(
    'the commit before this one, then this one: nothing that keeps state is replaced, and nothing is lost',
    async (context) => {
      if (!before) return context.skip('There is no earlier commit here: a shallow clone, or no repository.');
      const posting = await startPosting('org_upgrade');
      onTestFinished(() => posting.stop());
      const earlier = await version(before);
      await deploy(stack);
      expect(replacedResources(earlier, await version(stack))).toEqual([]);
      await posting.end();
      expect(posting.accepted.length).toBeGreaterThan(0);
      await allDelivered(posting);
    },
    2 * LIMIT_MS,
  );

  test(
    'what got its 202 arrives though functions are killed, and nothing stays in a queue',
    async () => {
      const posting = await startPosting('org_killed');
      onTestFinished(() => posting.stop());
      let killed = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_KILLS_MS));
        const all = await listProcesses(account.workFolder);
        const workers = all.filter(({ command }) => command.includes(`-${stack.name}-`));
        killAll(workers);
        killed += workers.length;
      }
      await posting.end();
      expect(killed).toBeGreaterThan(KILLS);
      expect(posting.accepted.length).toBeGreaterThan(0);
      await allArrive(receiver, posting.accepted, LIMIT_MS);
      await allDelivered(posting);
      for (const queue of ['deliveries', 'retries', 'slow', 'jobs', 'poison'] as const) {
        await eventually(
          () => countMessages(sqs, queueUrl(deployed, queue)),
          (count) => count === 0,
          { ms: LIMIT_MS, everyMs: POLL_MS },
        );
      }
    },
    2 * LIMIT_MS,
  );
});

async function version(stack: StackPlace): Promise<DeployedVersion> {
  const [template, physicalIds] = await Promise.all([readTemplate(stack), readPhysicalIds(stack)]);
  return { template, physicalIds };
}
