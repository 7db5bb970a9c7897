import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Json, eventually } from './api.ts';
import type { Backend } from './backend.ts';
import { type Checked, CustomerProcess, type Program, isThere, receiverFile } from './receiver-process.ts';
import { Scene } from './scene.ts';

/** Which headers a dialect's customers drop duplicates by, and tell the attempts apart by. */
const HEADERS: Record<string, { id?: string; timestamp?: string }> = {
  standard: { id: 'webhook-id', timestamp: 'webhook-timestamp' },
  vem: { id: 'x-webhook-delivery' },
  veriswarm: { id: 'x-veriswarm-delivery-id', timestamp: 'x-veriswarm-timestamp' },
  vellum: { timestamp: 'x-vellum-timestamp' },
  ventryx: { id: 'ventryx-delivery' },
};
const DIALECTS = Object.keys(HEADERS);

const folder = join(tmpdir(), `postrider-receivers-${randomUUID()}`);
const compiled = join(folder, 'receiver');

const NODE: Program = { name: 'Node', command: process.execPath, args: [receiverFile('node.js')] };
const EXPRESS: Program = { name: 'Express', command: process.execPath, args: [receiverFile('express.js')] };
const PYTHON: Program = { name: 'Python', command: 'python3', args: [receiverFile('python.py')] };
const GO: Program = { name: 'Go', command: compiled, args: [] };

const hasGo = isThere('go', 'version');
const PROGRAMS = [NODE, ...(isThere('python3') ? [PYTHON] : []), ...(hasGo ? [GO] : [])];
const CASES = [
  ...PROGRAMS.flatMap((program) => DIALECTS.map((dialect) => ({ dialect, program, name: program.name }))),
  ...['vem', 'ventryx'].map((dialect) => ({ dialect, program: EXPRESS, name: EXPRESS.name })),
];

/** Each dialect over a real socket, verified by the programs that its customers have (docs/receivers). */
export function describeDialects(backend: Backend): void {
  describe(`${backend.name}: dialects`, () => {
    const scene = new Scene(backend, 'dialects');
    const customerWith = (
      program: Program,
      environment: (url: string) => Record<string, string>,
      answerOf = (_nth: number, status: number) => status,
    ) => CustomerProcess.start(program, environment, answerOf, scene.running.receiverPlace);

    beforeAll(() => {
      mkdirSync(folder);
      if (hasGo) expect(spawnSync('go', ['build', '-o', compiled, receiverFile('receiver.go')]).status).toBe(0);
    }, 120_000);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test.each(CASES)('$name accepts $dialect, its retry too, and nothing that was changed', async (one) => {
      const { dialect, program } = one;
      const secret = dialect === 'standard' ? `whsec_${Buffer.alloc(32, 7).toString('base64')}` : 'a secret of mine';
      const environment = (url: string) => ({ DIALECT: dialect, SECRET: secret, VELLUM_URL: url });
      // The program accepts the first attempt, and its answer is lost.
      await using customer = await customerWith(program, environment, (nth, status) => (nth === 1 ? 503 : status));
      const retry = { delays: [1, 1] };
      const endpoint = { url: customer.url, events: ['*'], dialect, retry, signing_secret: secret };
      const { id } = await scene.api.endpoint(endpoint);
      const data = { title: 'Grüße 😀', list: [1, null, { n: 1 }] };
      const event = await scene.api.post({ type: 'task.completed', data, project: { id: 'p' } });
      await scene.ended(event.id, id, 'delivered');

      expect(customer.checked.map(({ status }) => Math.floor(status / 100))).toEqual([2, 2]);
      expectSameIdLater(dialect, customer.checked as [Checked, Checked]);
      const [{ headers, body }] = customer.checked as [Checked, Checked];
      const changed = Buffer.from(body.toString().replace('Grüße', 'Grusse'));
      const { 'content-length': _, ...rest } = headers;
      expect(await customer.verify(rest, changed)).toBe(401);
    });

    test.each(PROGRAMS)('$name takes what it gets for standard where it is told no dialect', async (program) => {
      const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
      await using customer = await customerWith(program, () => ({ SECRET: secret }));
      const { id } = await scene.api.endpoint({ url: customer.url, signing_secret: secret });
      const event = await scene.api.post();
      await scene.ended(event.id, id, 'delivered');
      expect(customer.checked.map(({ status }) => status)).toEqual([204]);
    });

    test('a request is previewed for every URL that an endpoint may have', async () => {
      const { url } = await scene.receiver();
      await scene.api.endpoint({ url });
      const { status, body } = await scene.api.call('POST', '/v1/dialects/standard/preview', { url, type: 'a.b' });
      expect([status, body.headers?.['webhook-signature']], JSON.stringify(body)).toEqual([200, expect.any(String)]);
      const refused = await scene.api.call('POST', '/v1/dialects/standard/preview', { url: 'ftp://example.com' });
      expect(refused.status).toBe(422);
    });

    test('a chat gets a message that was not signed', async () => {
      for (const dialect of ['slack', 'discord']) {
        const receiver = await scene.receiver();
        const endpoint = { url: receiver.url, events: ['*'], dialect };
        const { id } = await scene.api.endpoint(endpoint);
        const event = await scene.api.post({ type: 'agent.killed', data: { title: '<!channel>' } });
        await scene.ended(event.id, id, 'delivered');
        const [arrival] = receiver.arrivals;
        const names = Object.keys(arrival?.headers ?? {});
        expect(names.filter((name) => /signature|webhook|timestamp/.test(name))).toEqual([]);
        expect(arrival?.body).not.toContain('<!channel>');
        const message = JSON.parse(arrival?.body ?? '') as Json;
        expect(JSON.stringify(message)).toContain('An agent was emergency-stopped via kill switch');
      }
    });

    test('customers on their way to Standard Webhooks get both signatures', async () => {
      const environment = (dialect: string, secret: string) => () => ({ DIALECT: dialect, SECRET: secret });
      const post = async (url: string) => {
        const fields = { url, events: ['*'], dialect: 'vem', also_standard: true, signing_secret: 'my own' };
        return scene.api.endpoint(fields);
      };
      await using vem = await customerWith(NODE, environment('vem', 'my own'));
      const { id, standard_signing_secret: second } = await post(vem.url);
      await using standard = await customerWith(NODE, environment('standard', second));
      const event = await scene.api.post({ type: 'task.completed', data: {} });
      await scene.ended(event.id, id, 'delivered');
      const [{ headers, body }] = (await eventually(
        async () => vem.checked,
        (checked) => checked.length > 0,
      )) as [Checked];
      expect(await standard.verify(headers, body)).toBe(204);
    });
  });
}

/** A customer drops what it has seen by its id, and refuses what is old by its timestamp. */
function expectSameIdLater(dialect: string, [first, second]: [Checked, Checked]): void {
  const { id, timestamp } = HEADERS[dialect] ?? {};
  expect(second.body).toEqual(first.body);
  if (id) expect(second.headers[id]).toBe(first.headers[id]);
  else expect((JSON.parse(first.body.toString()) as Json).id).toMatch(/^[0-9a-f-]{36}$/);
  if (timestamp) expect(Number(second.headers[timestamp])).toBeGreaterThan(Number(first.headers[timestamp]));
}
