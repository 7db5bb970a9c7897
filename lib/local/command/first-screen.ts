import type { ReceivedWebhook } from '../demo/demo-receiver.ts';
import type { Palette } from '../terminal/palette.ts';
import type { Service } from '../service/service.ts';
import type { Showcase } from '../demo/showcase.ts';
import { plainText } from '../terminal/wording.ts';

type ServiceFacts = Pick<Service, 'url' | 'apiKey' | 'dataDir'> & {
  /** A link that signs in to the console; undefined: there is none. */
  consoleLink: string | undefined;
};

/** They belong to the connection, not to the webhook. */
const UNSHOWN_HEADERS: ReadonlySet<string> = new Set(['host', 'connection', 'content-length']);

/**
 * What `npm start` prints: the address, the first delivery if there was one, and commands to try next.
 * @param allowHttp whether an endpoint on this machine may be suggested
 */
export function firstScreen(
  service: ServiceFacts,
  showcase: Showcase | undefined,
  palette: Palette,
  allowHttp: boolean,
): string[] {
  return [
    '',
    `${palette.bold('Postrider')} is running.`,
    '',
    ...facts(service, palette),
    '',
    ...(showcase ? [...firstDelivery(showcase, palette), ''] : []),
    ...commands(service, palette, allowHttp ? 'http://localhost:3000/' : 'https://example.com/webhooks'),
    '',
    palette.dim('Delivery attempts appear below. Ctrl-C finishes the requests in flight, then stops.'),
    '',
  ];
}

function facts({ url, apiKey, dataDir, consoleLink }: ServiceFacts, { dim }: Palette): string[] {
  return [
    // It may be clicked once, within ten minutes; `npm run open` makes another one.
    ...(consoleLink === undefined ? [] : [`  ${dim('Console')}  ${consoleLink}`]),
    `  ${dim('API')}      ${url}/v1`,
    `  ${dim('Docs')}     ${url}/docs`,
    `  ${dim('Key')}      ${apiKey}`,
    `  ${dim('Data')}     ${dataDir}`,
  ];
}

function firstDelivery({ receiver, received }: Showcase, palette: Palette): string[] {
  if (!received) {
    return [palette.yellow('The first event was posted, but has not been delivered yet. Its attempts appear below.')];
  }
  return [
    'A first event was posted to /v1/events. The demo receiver in this process got this request:',
    '',
    ...webhookLines(receiver.url, received, palette),
    '',
    verdictLine(received, palette),
  ];
}

function webhookLines(url: string, received: ReceivedWebhook, { bold, dim }: Palette): string[] {
  const headers = received.headers.filter(([name]) => !UNSHOWN_HEADERS.has(name.toLowerCase()));
  return [
    `  ${bold(`POST ${url}`)}`,
    ...headers.map(([name, value]) => `  ${dim(`${plainText(name)}:`)} ${plainText(value)}`),
    `  ${plainText(received.body)}`,
  ];
}

export function verdictLine({ verification }: ReceivedWebhook, { green, red }: Palette): string {
  return verification.ok
    ? `  ${green('✓ verified')} by the receiver: Standard Webhooks signature and timestamp`
    : `  ${red('✗ not verified')} by the receiver: ${verification.why}`;
}

function commands({ url, apiKey }: ServiceFacts, { dim }: Palette, endpoint: string): string[] {
  const key = `-H 'Authorization: Bearer ${apiKey}'`;
  const json = `-H 'Content-Type: application/json'`;
  return [
    dim('  # Post an event'),
    `  curl ${url}/v1/events \\`,
    `    ${key} \\`,
    `    ${json} -d '{"type":"task.completed","data":{"id":1}}'`,
    dim('  # See its deliveries'),
    `  curl ${url}/v1/deliveries \\`,
    `    ${key}`,
    dim('  # Add an endpoint of your own; the response shows its signing secret, once'),
    `  curl ${url}/v1/endpoints \\`,
    `    ${key} \\`,
    `    ${json} -d '{"url":"${endpoint}","events":["task.*"]}'`,
  ];
}
