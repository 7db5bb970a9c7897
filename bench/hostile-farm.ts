import { type AddressInfo, type Server, createServer } from 'node:net';
import { HOSTILE_SERVERS } from '../test/support/hostile-servers.ts';

/** All hostile servers and a healthy one, in a process of their own: prints their ports, and ends with its stdin. */
const HEALTHY = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 1024, resolve));
  return (server.address() as AddressInfo).port;
}

const healthy = await portOf(
  createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {}).on('data', () => socket.write(HEALTHY));
  }),
);
const hostile: Record<string, number> = {};
for (const { name, answer } of HOSTILE_SERVERS) {
  hostile[name] = await portOf(
    createServer((socket) => {
      socket.on('error', () => {}).once('data', () => answer(socket));
    }),
  );
}
console.log(JSON.stringify({ healthy, hostile }));
process.stdin.on('end', () => process.exit(0)).resume();
