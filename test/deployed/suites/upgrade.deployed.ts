import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parseDeliveryId } from '../../../lib/domain/ids.ts';
import { CHECK_GRACE } from '../../../lib/domain/times.ts';
import type { Listener } from '../../../lib/local/service/listener.ts';
import { eventually } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { type DeployedVersion, replacedResources } from '../calls/replaced-resources.ts';
import { type Deployment, currentDeployment, deployForUse } from '../cloud/deployment.ts';
import { previousVersion } from '../cloud/previous-version.ts';
import { killFunctions } from '../cloud/processes.ts';
import { readRecord } from '../cloud/recording-proxy.ts';
import { type StackPlace, deploy, readPhysicalIds, readTemplate, synthesize } from '../cloud/stack.ts';
import { allArrive } from './arrivals.ts';
import { countMessages, queueUrl, sqsClient } from './deployed.ts';
import { openTables, stage } from './inside.ts';
import { LIMIT_MS, PATIENTLY } from './patience.ts';
import { Posting } from './posting.ts';
import { WORKED_QUEUES } from './rare-scene.ts';

const KILLS = 5;
const BETWEEN_KILLS_MS = 1500;
/** Exhausted deliveries stay in their queue until they are redriven. */
const NEVER_LEFT = [...WORKED_QUEUES, 'poison'] as const;

describe('a stack of its own, upgraded and killed under load', () => {
  const account = currentDeployment('Operated');
  // The queue of a source can feed one stack only.
  const { sources: _, ...context } = account.stack.context;
  const assembly = `${account.workFolder}/cdk.upgraded`;
  const stack: StackPlace = { ...account.stack, name: 'Upgraded', assembly, context };
  const sqs = sqsClient(account);
  const before = previousVersion(stack, account.workFolder);
  let deployed: Pick<Deployment, 'apiUrl' | 'apiKey' | 'outputs'> & { door: Listener };
  let receiver: Receiver;

  beforeAll(async () => {
    receiver = await Receiver.start((nth) => (nth === 1 ? 500 : 200), account.receiverPlace);
    await Promise.all([synthesize(stack), before && synthesize(before)]);
    deployed = await deployForUse(before ?? stack, account.proxyUrl);
  }, LIMIT_MS);
  afterAll(async () => {
    sqs.destroy();
    await receiver.stop();
    await deployed.door.close();
  });

  const postings: Posting[] = [];
  const startPosting = async (tenant: string) => {
    const posting = await Posting.start(deployed, tenant, `${receiver.url}/${tenant}`);
    postings.push(posting);
    onTestFinished(() => posting.stop());
    return posting;
  };
  const allDelivered = (posting: Posting) =>
    eventually(
      () => posting.countUndelivered(),
      (count) => count === 0,
      PATIENTLY,
    );

  /** The queues that are not empty, with their numbers of messages. */
  const countLeft = async () => {
    const counts = NEVER_LEFT.map(
      async (queue) => [queue, await countMessages(sqs, queueUrl(deployed, queue))] as const,
    );
    return Object.fromEntries((await Promise.all(counts)).filter(([, count]) => count > 0));
  };
  const queuesAreEmpty = () => eventually(countLeft, (left) => Object.keys(left).length === 0, PATIENTLY);
  /**
   * A process that died between the record of a failure and the message of the retry has left a delivery without a
   * message: sweep sends it a quarter of an hour after it was due (CHECK_GRACE). That time has come now.
   */
  const bringChecksForward = async (posting: Posting) => {
    using tables = openTables({ outputs: deployed.outputs, proxyUrl: account.proxyUrl });
    for (const id of await posting.retrying()) {
      const key = parseDeliveryId(id, posting.tenant);
      const record = key && (await tables.deliveries.get(key));
      expect(record?.checkAt, id).toBeLessThanOrEqual(Date.now() + CHECK_GRACE);
      await stage(tables, posting.tenant, id, { checkAt: Date.now() - 1000 });
    }
  };

  /** Nothing calls sweep in this stack but its rule, a minute after the deployment at the earliest. */
  const sweepHasRun = () =>
    eventually(
      async () => (await readRecord(account.proxyUrl)).calls.map(({ functionName }) => functionName),
      (names) => names.some((name) => /^Upgraded-.*Sweep/.test(name)),
      PATIENTLY,
    );

  test('the commit before this one, then this one: nothing that keeps state is replaced', async (context) => {
    if (!before) return context.skip('There is no earlier commit here.');
    const posting = await startPosting('org_upgrade');
    const earlier = await version(before);
    await deploy(stack);
    expect(replacedResources(earlier, await version(stack))).toEqual([]);
    await posting.end();
    expect(posting.accepted.length).toBeGreaterThan(0);
  });

  test('functions are killed while they work', async () => {
    const posting = await startPosting('org_killed');
    let killed = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_KILLS_MS));
      killed += await killFunctions(account.workFolder, `${stack.name}-`);
    }
    await posting.end();
    expect(killed).toBeGreaterThan(KILLS);
    expect(posting.accepted.length).toBeGreaterThan(0);
  });

  // After both, because either may leave messages that are hidden for so long.
  test(
    'what got its 202 during the upgrade or the kills is delivered, sweep runs by its rule, and nothing stays in a queue',
    async () => {
      expect(postings.length).toBeGreaterThan(0);
      for (const posting of postings) await allArrive(receiver, posting.accepted);
      await queuesAreEmpty();
      for (const posting of postings) {
        await bringChecksForward(posting);
        await allDelivered(posting);
      }
      await sweepHasRun();
      await queuesAreEmpty();
    },
    4 * LIMIT_MS,
  );
});

async function version(stack: StackPlace): Promise<DeployedVersion> {
  const [template, physicalIds] = await Promise.all([readTemplate(stack), readPhysicalIds(stack)]);
  return { template, physicalIds };
}
