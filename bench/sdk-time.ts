import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../lib/adapters/dynamodb/access/client.ts';

const WARM_UP = 500;
const ROUNDS = 5;
const CALLS = 1000;
const ITEM = { pk: 'bench#evt_1', sk: 'record', status: 'delivered', text: 'x'.repeat(500) };

/**
 * Milliseconds of processor time of one SDK call on this machine: building and signing the request, and parsing the
 * response, without a connection. The least of several rounds, because other processes share the machine's processors.
 */
export async function measureSdkCall(): Promise<number> {
  const client = createDocumentClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: { handle: async () => ({ response: { statusCode: 200, headers: {}, body: Buffer.from('{}') } }) },
  });
  const call = () => client.send(new PutCommand({ TableName: 'bench', Item: ITEM }));
  for (let n = 0; n < WARM_UP; n += 1) await call();
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (let n = 0; n < CALLS; n += 1) await call();
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / 1000 / CALLS);
  }
  client.destroy();
  return Math.min(...rounds);
}
