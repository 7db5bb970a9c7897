import { createSocket } from 'node:dgram';
import { expect, it, onTestFinished } from 'vitest';

import { createResolveHost } from '../../../lib/adapters/http/resolve-host.ts';

const TYPE_A = 1;
const TYPE_AAAA = 28;
const SERVER_FAILURE = 2;
const NO_SUCH_NAME = 3;

/** What a name server says to a question: addresses as bytes, an error code, or nothing at all. */
type Reply = Buffer[] | number | 'silence';

/** A name server on 127.0.0.1, stopped when the test ends. Messages as in RFC 1035, 4. */
async function startNameServer(answer: (type: number) => Reply): Promise<{ server: string; asked: number[] }> {
  const socket = createSocket('udp4');
  const asked: number[] = [];
  socket.on('message', (query, from) => {
    const queryEnd = query.indexOf(0, 12) + 5;
    const type = query.readUInt16BE(queryEnd - 4);
    asked.push(type);
    const reply = answer(type);
    if (reply !== 'silence') socket.send(encode(query.subarray(0, queryEnd), type, reply), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => socket.close(() => resolve())));
  return { server: `127.0.0.1:${socket.address().port}`, asked };
}

function encode(question: Buffer, type: number, reply: Buffer[] | number): Buffer {
  const addresses = typeof reply === 'number' ? [] : reply;
  const header = Buffer.from(question);
  header.writeUInt16BE(0x8180 | (typeof reply === 'number' ? reply : 0), 2);
  header.writeUInt16BE(addresses.length, 6);
  header.writeUInt32BE(0, 8);
  const records = addresses.map((address) => {
    const fixed = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, address.length]);
    return Buffer.concat([fixed, address]);
  });
  return Buffer.concat([header, ...records]);
}

const resolveBy = (server: string) => createResolveHost({ askSystem: true, servers: [server] });

const V4 = Buffer.from([93, 184, 215, 14]);
const OTHER_V4 = Buffer.from([10, 0, 0, 1]);
const V6 = Buffer.from('260647000000000000000000000000aa', 'hex');

it('gives every address of both families, IPv4 first', async () => {
  const { server } = await startNameServer((type) => (type === TYPE_A ? [V4, OTHER_V4] : [V6]));
  const found = await resolveBy(server)('hooks.example');
  expect(found).toHaveLength(3);
  expect(found.slice(0, 2)).toEqual(
    expect.arrayContaining([
      { address: '93.184.215.14', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ]),
  );
  expect(found[2]).toEqual({ address: '2606:4700::aa', family: 6 });
});

it('is content with one family when the other one has no addresses', async () => {
  const { server, asked } = await startNameServer((type) => (type === TYPE_A ? [V4] : []));
  expect(await resolveBy(server)('hooks.example')).toEqual([{ address: '93.184.215.14', family: 4 }]);
  expect(asked.toSorted((a, b) => a - b)).toEqual([TYPE_A, TYPE_AAAA]);
});

it('leaves a name that the name server does not know to the system', async () => {
  const { server } = await startNameServer(() => NO_SUCH_NAME);
  await expect(resolveBy(server)('hooks.invalid')).rejects.toMatchObject({ syscall: 'getaddrinfo' });
}, 30_000);

it('a failing name server is a failure, with its code', async () => {
  const { server } = await startNameServer(() => SERVER_FAILURE);
  await expect(resolveBy(server)('hooks.example')).rejects.toMatchObject({ code: 'ESERVFAIL' });
});

it('a silent name server is given up, and holds up nobody else meanwhile', async () => {
  const silent = await startNameServer(() => 'silence');
  const { server } = await startNameServer(() => [V4]);
  const dead = Array.from({ length: 8 }, (_, n) => resolveBy(silent.server)(`dead${n}.example`));
  const settled = Promise.allSettled(dead);
  const winner = await Promise.race([settled.then(() => 'the dead'), resolveBy(server)('hooks.example')]);
  expect(winner).not.toBe('the dead');
  for (const result of await settled) expect(result).toMatchObject({ reason: { code: 'ETIMEOUT' } });
}, 30_000);

it('localhost is this machine, without asking', async () => {
  const { server, asked } = await startNameServer(() => [OTHER_V4]);
  const found = await resolveBy(server)('localhost');
  expect(found.map(({ address }) => address)).toContain('127.0.0.1');
  expect(asked).toEqual([]);
});

it('a network without IPv6 is not asked for its addresses', async () => {
  const { server, asked } = await startNameServer((type) => (type === TYPE_A ? [V4] : [V6]));
  const resolve = createResolveHost({ askSystem: false, ipv6: false, servers: [server] });
  expect(await resolve('hooks.example')).toEqual([{ address: '93.184.215.14', family: 4 }]);
  const unknown = await startNameServer(() => NO_SUCH_NAME);
  const none = createResolveHost({ askSystem: false, ipv6: false, servers: [unknown.server] });
  await expect(none('hooks.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  expect([...asked, ...unknown.asked]).toEqual([TYPE_A, TYPE_A]);
});

it('addresses of IPv4 do not wait for a name server that hangs on the question for IPv6', async () => {
  const { server } = await startNameServer((type) => (type === TYPE_A ? [V4] : 'silence'));
  const first = await Promise.race([
    resolveBy(server)('hooks.example'),
    new Promise((resolve) => setTimeout(resolve, 1400, 'the hanging question')),
  ]);
  expect(first).toEqual([{ address: '93.184.215.14', family: 4 }]);
});

it('addresses of IPv6 are found though the question for IPv4 fails', async () => {
  const { server } = await startNameServer((type) => (type === TYPE_A ? SERVER_FAILURE : [V6]));
  expect(await resolveBy(server)('hooks.example')).toEqual([{ address: '2606:4700::aa', family: 6 }]);
});

it('a deployment never asks the system, which has four threads for everybody', async () => {
  const { server } = await startNameServer(() => NO_SUCH_NAME);
  const resolve = createResolveHost({ askSystem: false, servers: [server] });
  for (const name of ['hooks.invalid', 'localhost']) {
    const failure: unknown = await resolve(name).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ENOTFOUND' });
    expect(failure).not.toMatchObject({ syscall: 'getaddrinfo' });
  }
}, 30_000);
