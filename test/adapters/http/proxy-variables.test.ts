import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

import { startCustomer } from '../../support/customer-server.ts';

const SENDER = new URL('../../../lib/adapters/http/http-sender.ts', import.meta.url);

/** Proxy variables are read when a process starts: a new one sends the request, and another as Node does by itself. */
const PROGRAM = `
  const { request } = await import('node:http');
  const { createHttpSender } = await import(${JSON.stringify(SENDER.href)});
  const url = process.argv[1];
  const sender = createHttpSender({ allowLoopback: true, allowHttp: true });
  const ours = { url, method: 'POST', headers: {}, body: new Uint8Array(), timeoutMs: 5000, maxResponseBytes: 100 };
  const { statusCode: sent } = await sender.send(ours);
  await sender.close();
  const { statusCode: byNode } = await new Promise((resolve) => request(url, resolve).end());
  console.log(JSON.stringify([sent, byNode]));
  process.exit();
`;

it('proxy variables of the environment are ignored', async () => {
  const customer = await startCustomer((_request, response) => response.writeHead(201).end());
  const proxy = await startCustomer((_request, response) => response.writeHead(299).end());
  const proxyUrl = `http://127.0.0.1:${proxy.port}`;
  const env = { ...process.env, NODE_USE_ENV_PROXY: '1', NO_PROXY: '', no_proxy: '' };
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'])
    Object.assign(env, { [name]: proxyUrl });
  const program = ['--input-type=module', '--eval', PROGRAM, customer.url];
  const { stdout } = await promisify(execFile)(process.execPath, program, { env });
  expect(JSON.parse(stdout)).toEqual([201, 299]);
  expect(customer.requests).toHaveLength(1);
});
