import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_API_SETTINGS } from '../../api/api-settings.ts';
import { createLineWriter } from '../terminal/line-writer.ts';
import { createPalette, wantsColour } from '../terminal/palette.ts';
import { type EgressFlags, addEgressOptions, egressOf } from './egress-flags.ts';
import { type MailFlags, addMailOptions, mailOption } from './mail-flags.ts';
import { readTls } from './tls-files.ts';
import { frameAncestorsOf } from './frame-ancestors-flag.ts';
import type { SourceFlags } from './source-flags.ts';
import { DEFAULT_BACKPRESSURE } from '../service/backpressure.ts';
import { defaultThreadCount } from '../threads/settings.ts';
import { StartFailure } from '../service/start-failure.ts';

const DEFAULT_PORT = 8080;
/** They take turns to write, and the file has no more to give. */
const MOST_THREADS = 16;
const DEFAULT_DATA_DIR = '.postrider';

interface StartFlags extends EgressFlags, MailFlags, SourceFlags {
  port: number;
  host: string;
  data: string;
  requireMfa: boolean;
  unknownTypes: 'accept' | 'refuse';
  dataCheck: 'off' | 'warn' | 'refuse';
  maxApiKeys: number;
  demo: boolean;
  json: boolean;
  dialects?: string;
  otlp?: string;
  publicHost?: readonly string[];
  frameAncestors?: readonly string[];
  tlsCert?: string;
  tlsKey?: string;
  newKey?: boolean;
  maxBacklog: number;
  maxPostWait: number;
  workers: number;
}

/**
 * Runs `npm start` and `npm run demo`. A StartFailure, which the user can fix, becomes one line on stderr and exit code 1.
 * @param argv as in process.argv
 */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  try {
    await createCommand().parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function createCommand(): Command {
  const command = new Command('npm start --')
    .description('Sends webhooks: one process, one folder, no other service needed.')
    .version(readVersion())
    .option('-p, --port <port>', 'port of the API; 0 picks a free one', readPort, DEFAULT_PORT)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--public-host <name...>', 'names of this service, such as a proxy’s: requests for other names are refused')
    .option(
      '--frame-ancestors <origin...>',
      'who may show the console in a frame: origins such as https://app.example.com; self (the default); none',
    )
    .option('--tls-cert <file>', 'serve HTTPS with this certificate chain (PEM)')
    .option('--tls-key <file>', 'the certificate’s private key (PEM)')
    .option('-d, --data <folder>', 'folder for all data', DEFAULT_DATA_DIR)
    .option('--dialects <file>', 'JSON file with dialects of your own (docs/dialects.md)')
    .option('--source <file>', 'take in the events of a file of JSON lines, as it grows; -: of standard input')
    .option('--source-fields <file>', 'JSON file that says how a line becomes an event (docs/sources.md)')
    .option(
      '--otlp <url>',
      'send metrics and traces to an OpenTelemetry collector, such as http://127.0.0.1:4318',
      readUrl,
    )
    .option('--require-mfa', 'refuse sensitive calls to keys whose owner has no second factor', false)
    .addOption(
      new Option(
        '--unknown-types <what>',
        'events of types that are not in the catalogue, where a tenant has set nothing',
      )
        .choices(['accept', 'refuse'])
        .default('accept'),
    )
    .addOption(
      new Option('--data-check <what>', 'data that does not match its schema, where a tenant has set nothing')
        .choices(['off', 'warn', 'refuse'])
        .default('off'),
    )
    .option('--max-api-keys <number>', 'live API keys of a tenant', readCount, DEFAULT_API_SETTINGS.maxApiKeys)
    .option('--no-demo', 'do not send a first event to a demo endpoint in an empty folder')
    .option(
      '--json',
      'log one JSON object per line instead of text; the first one of an empty folder has the API key',
      false,
    )
    .option(
      '--max-backlog <messages>',
      'deliveries that may be ready and not begun: past that, posts wait; 0: no limit',
      readAmount,
      DEFAULT_BACKPRESSURE.maxBacklog,
    )
    .option(
      '--max-post-wait <seconds>',
      'how long a post waits before it is refused (429)',
      readAmount,
      DEFAULT_BACKPRESSURE.maxPostWaitMs / 1000,
    )
    .option(
      '--workers <threads>',
      'most threads that make deliveries while the service is busy; 0: none',
      readThreads,
      defaultThreadCount(),
    )
    .option('--new-key', 'make a new API key; the old one ends')
    .allowExcessArguments(false)
    .action(async (flags: StartFlags) => {
      const { runService } = await import('./run-service.ts');
      const { sourceOption } = await import('./source-flags.ts');
      const { policy, warnings } = egressOf(flags, flags.host);
      await runService({
        ...flags,
        dataDir: flags.data,
        egress: policy,
        warnings,
        tls: await readTls(flags),
        publicHosts: flags.publicHost ?? [],
        console: frameAncestorsOf(flags),
        source: sourceOption(flags),
        mail: mailOption(flags),
        newKey: flags.newKey ?? false,
        threads: { count: flags.workers },
        backpressure: {
          maxBacklog: flags.maxBacklog || Number.POSITIVE_INFINITY,
          maxPostWaitMs: flags.maxPostWait * 1000,
        },
        eventTypePolicy: { refusesUnknown: flags.unknownTypes === 'refuse', dataCheck: flags.dataCheck },
      });
    });
  addEgressOptions(command);
  addMailOptions(command);
  command
    .command('demo')
    .description('send three webhooks: one is delivered, one retried, one dead-lettered (13 s)')
    .action(async () => {
      const { runDemo } = await import('../demo/demo.ts');
      const palette = createPalette(wantsColour(process.stdout, process.env));
      process.exitCode = (await runDemo(createLineWriter(process.stdout), palette)) ? 0 : 1;
    });
  return command;
}

/** @throws InvalidArgumentError, which commander prints as one line */
function readCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}

/** @throws InvalidArgumentError, which commander prints as one line */
function readUrl(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text.replace(/\/+$/, '');
  throw new InvalidArgumentError('Give a URL, such as http://127.0.0.1:4318.');
}

/** @throws InvalidArgumentError, which commander prints as one line */
function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

/** @throws InvalidArgumentError, which commander prints as one line */
function readAmount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number.');
}

/** @throws InvalidArgumentError, which commander prints as one line */
function readThreads(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) <= MOST_THREADS) return Number(text);
  throw new InvalidArgumentError(`Give a whole number from 0 to ${MOST_THREADS}.`);
}

function readVersion(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
