import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { HOSTILE_SERVERS } from '../test/support/hostile-servers.ts';

/**
 * Servers in a process of their own, `hostile` or `healthy` by its argument: prints their ports by name, and ends with its
 * stdin. The healthy one does not share a process with those that flood, which would delay it whatever the sender does.
 */
const HEALTHY = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

async function portOf(onConnection: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer({ noDelay: true }, (socket) => onConnection(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 1024, resolve));
  return (server.address() as AddressInfo).port;
}

const ports: Record<string, number> = {};
if (process.argv[2] === 'healthy') {
  ports['healthy'] = await portOf((socket) => socket.on('data', () => socket.write(HEALTHY)));
} else {
  for (const { name, answer } of HOSTILE_SERVERS) {
    ports[name] = await portOf((socket) => socket.once('data', () => answer(socket)));
  }
}
console.log(JSON.stringify(ports));
process.stdin.on('end', () => process.exit(0)).resume();
