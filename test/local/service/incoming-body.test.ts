import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';

import { readIncomingBody } from '../../../lib/local/service/incoming-body.ts';

/** As Node's parser leaves it when all of a request has come. */
function wholeCall(): IncomingMessage {
  const incoming = new IncomingMessage(new Socket());
  incoming.push('{}');
  incoming.complete = true;
  return incoming;
}

it('a body that has come is read', async () => {
  const incoming = wholeCall();
  incoming.push(null);
  expect(Buffer.from(await readIncomingBody(incoming, 100)).toString()).toBe('{}');
});

it('a call whose connection is closed before its body is read has an end, also when the body had come', async () => {
  const closedBefore = wholeCall();
  closedBefore.push(null);
  closedBefore.destroy();
  await expect(readIncomingBody(closedBefore, 100)).rejects.toMatchObject({ code: 'incomplete-body' });
  const closedMeanwhile = wholeCall();
  const reading = readIncomingBody(closedMeanwhile, 100);
  closedMeanwhile.destroy();
  await expect(reading).rejects.toMatchObject({ code: 'incomplete-body' });
});
