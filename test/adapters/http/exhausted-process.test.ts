import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const SENDER = new URL('../../../lib/adapters/http/http-sender.ts', import.meta.url);
const RESOLVER = new URL('../../../lib/adapters/http/resolve-host.ts', import.meta.url);

/** Sends to a name, whose name server refuses the question, before and after the process has opened all it may. */
const PROGRAM = `
  const { openSync } = await import('node:fs');
  const { createHttpSender } = await import(${JSON.stringify(SENDER.href)});
  const { createResolveHost } = await import(${JSON.stringify(RESOLVER.href)});
  const lookup = createResolveHost({ askSystem: false, servers: ['127.0.0.1:1'] });
  const sender = createHttpSender({ allowLoopback: false, allowHttp: false, lookup });
  const url = 'https://hooks.example/';
  const request = { url, method: 'POST', headers: {}, body: new Uint8Array(), timeoutMs: 5000, maxResponseBytes: 100 };
  const outcome = () => sender.send(request).then(({ error }) => error, ({ name }) => name);
  const before = await outcome();
  try { for (;;) openSync('/dev/null', 'r'); } catch {}
  const after = await outcome();
  console.log(JSON.stringify({ before, after }));
`;

it('a process that has no socket to look a name up fails the request as a fault of its own', async () => {
  const limited = ['-c', 'ulimit -n 256 && exec "$@"', 'sh', process.execPath];
  const program = ['--input-type=module', '--eval', PROGRAM];
  const { stdout } = await promisify(execFile)('sh', [...limited, ...program]);
  expect(JSON.parse(stdout)).toEqual({ before: 'dns', after: 'ServiceFault' });
});
