import { Socket } from 'node:net';
import { expect, it } from 'vitest';

import { Connections } from '../../../lib/adapters/http/connections.ts';
import { Deadline } from '../../../lib/adapters/http/deadline.ts';
import { targetOf } from '../../../lib/adapters/http/target.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';

const TARGET = targetOf(new URL('http://127.0.0.1:1/'));

/** Breaks as a connection to an IP address does that this machine cannot open: before those who wait for it can run. */
function openBroken(code: string): Socket {
  const socket = new Socket();
  process.nextTick(() => socket.destroy(Object.assign(new Error('connect'), { code })));
  return socket;
}

it.each([['EMFILE'], ['ENOBUFS']])(
  '%s is this machine’s fault to those too who waited for a connection',
  async (code) => {
    const connections = new Connections({
      openSocket: () => ({ socket: openBroken(code), opened: 'connect' }),
      maxPerHost: 1,
    });
    const send = async () => {
      const deadline = new Deadline(5000);
      try {
        const connection = connections.take(TARGET) ?? (await connections.whenFree(TARGET, deadline));
        return await connection?.carry([Buffer.from('x')], 100);
      } finally {
        deadline.clear();
      }
    };
    const told = await Promise.allSettled([send(), send(), send()]);
    for (const one of told) expect(one).toMatchObject({ status: 'rejected', reason: expect.any(ServiceFault) });
  },
);
