import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

import { startCustomer } from '../../support/customer-server.ts';

const SENDER = new URL('../../../lib/adapters/http/http-sender.ts', import.meta.url);

/** What a process waits for: in one that runs tests, also the connections of the files that ran in it before. */
const PROGRAM = `
  const { createHttpSender } = await import(${JSON.stringify(SENDER.href)});
  const url = process.argv[1];
  const sender = createHttpSender({ allowLoopback: true, allowHttp: true });
  const request = { url, method: 'POST', headers: {}, body: new Uint8Array(), timeoutMs: 5000, maxResponseBytes: 100 };
  const sent = sender.send(request);
  const during = process.getActiveResourcesInfo();
  const { statusCode } = await sent;
  console.log(JSON.stringify({ statusCode, during, after: process.getActiveResourcesInfo() }));
`;

const CONNECTION = 'TCPSocketWrap';

it('a process does not wait for idle connections', async () => {
  const customer = await startCustomer((_request, response) => response.end('ok'));
  const program = ['--input-type=module', '--eval', PROGRAM, customer.url];
  const { stdout } = await promisify(execFile)(process.execPath, program);
  const { statusCode, during, after } = JSON.parse(stdout) as Record<string, unknown>;
  expect(statusCode).toBe(200);
  expect(during).toContain(CONNECTION);
  expect(after).not.toContain(CONNECTION);
});
