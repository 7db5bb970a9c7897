import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../cli/src/program.ts';
import { ACCESS, fakeTerminal, postrider, scripted } from './fake-terminal.ts';

// What a person sees at a terminal of 80 columns. `npx vitest run test/cli/screens.test.ts -u` writes them anew.

const DELIVERY = {
  id: 'del_01KGS4T2J8W5Y7R0D3F6A9B1CE01KGS4R6M2Z9Q3V8X7T5N1C0HB0',
  endpoint_id: 'ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB',
  event_id: 'evt_01KGS4T2J8W5Y7R0D3F6A9B1CE',
  event_type: 'task.completed',
  status: 'retrying',
  status_reason: null,
  status_code: 503,
  duration_ms: 250,
  error_kind: 'status',
  error_message: 'answered 503',
  attempt_number: 1,
  max_attempts: 10,
  next_retry_at: '2026-02-06T12:00:06.250Z',
  created_at: '2026-02-06T12:00:00.000Z',
};
const ATTEMPT = {
  number: 1,
  at: '2026-02-06T12:00:01.000Z',
  outcome: 'failed',
  status_code: 503,
  error_kind: 'status',
  error_message: 'answered 503',
  duration_ms: 250,
  response: { body: 'try later' },
};
const ENDPOINT = {
  id: 'ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB',
  status: 'active',
  label: 'Build bot of the platform team',
  events: ['task.completed', 'task.deleted', 'agent.*'],
  url: 'https://hooks.customer-of-ours.example.com/v2/webhooks/postrider',
};

const SCREENS = [
  { name: 'help', args: ['--help'] },
  { name: 'help of a group', args: ['deliveries', '--help'] },
  { name: 'help of a command', args: ['replay', '--help'] },
  {
    name: 'deliveries',
    args: ['deliveries', 'list'],
    body: { data: [DELIVERY, { ...DELIVERY, status: 'delivered' }] },
  },
  { name: 'a delivery', args: ['deliveries', 'get', 'del_x'], body: { ...DELIVERY, attempts: [ATTEMPT] } },
  { name: 'endpoints', args: ['endpoints', 'list'], body: { data: [ENDPOINT] } },
  { name: 'a question', args: ['endpoints', 'delete', ENDPOINT.id], typed: ['n'] },
  { name: 'a wrong command', args: ['event', 'list'] },
];

describe('at a terminal of 80 columns', () => {
  test.each(SCREENS)('$name', async ({ name, args, body, typed }) => {
    const page = body && 'data' in body ? { ...body, next_cursor: null } : body;
    const options = { env: ACCESS, tty: true, ...scripted({ body: page }), ...(typed && { typed }) };
    const { stdout, stderr, code } = await postrider(args, options);
    const screen = stripVTControlCharacters(`$ postrider ${args.join(' ')}\n${stdout}${stderr}[${code}]\n`);
    await expect(screen).toMatchFileSnapshot(`screens/${name.replaceAll(' ', '-')}.txt`);
    const tooWide = screen.split('\n').filter((line) => [...line].length > 80);
    // A table's first column and one field of a thing stay whole, to be copied.
    expect(tooWide.filter((line) => !line.includes(DELIVERY.id))).toEqual([]);
  });
});

test('the help of every command fits into 80 columns', async () => {
  const { commands } = createProgram(fakeTerminal().terminal);
  const all = commands.flatMap((one) => [[one.name()], ...one.commands.map((of) => [one.name(), of.name()])]);
  for (const names of all) {
    const { stdout, code } = await postrider([...names, '--help'], { env: ACCESS, tty: true });
    expect([code, ...stdout.split('\n').filter((line) => [...line].length > 80)], names.join(' ')).toEqual([0]);
  }
});
