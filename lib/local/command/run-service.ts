import { systemClock } from '../../adapters/system/system-clock.ts';
import type { EventTypePolicy } from '../../domain/event-type.ts';
import type { Log } from '../../ports/log.ts';
import type { DemoReceiver } from '../demo/demo-receiver.ts';
import { collectGarbageOfStart } from './collect-garbage.ts';
import { builtConsole } from '../console/built-console.ts';
import { firstScreen } from './first-screen.ts';
import { readDialectsFile } from './dialects-file.ts';
import { createJsonLog } from '../../adapters/log/json-log.ts';
import { type LineWriter, createLineWriter } from '../terminal/line-writer.ts';
import { type Palette, createPalette, wantsColour } from '../terminal/palette.ts';
import type { UrlPolicy } from '../../domain/url-policy.ts';
import type { TlsFiles } from '../service/gateway.ts';
import type { ServiceOptions } from '../service/service-options.ts';
import { type Service, startService } from '../service/service.ts';
import { type Showcase, restartReceiver, showFirstDelivery } from '../demo/showcase.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { createTerminalLog } from '../terminal/terminal-log.ts';

export interface RunOptions extends Pick<
  ServiceOptions,
  'dataDir' | 'port' | 'backpressure' | 'threads' | 'console' | 'source' | 'mail'
> {
  host: string;
  requireMfa: boolean;
  eventTypePolicy: EventTypePolicy;
  maxApiKeys: number;
  egress: UrlPolicy;
  publicHosts: readonly string[];
  tls: TlsFiles | undefined;
  newKey: boolean;
  demo: boolean;
  json: boolean;
  /** The URL of an OpenTelemetry collector. */
  otlp?: string | undefined;
  /** The path of a file with dialects of its own. */
  dialects?: string | undefined;
  /** What the operator should know about these options. */
  warnings: readonly string[];
}

/** npm forwards a Ctrl-C that the terminal has already sent to this process: that is not a second one. */
const SAME_KEYSTROKE_MS = 500;
/** 128 + SIGINT, as a shell reports a process that Ctrl-C ended. */
const EXIT_AT_ONCE = 130;

/**
 * Runs the service in this process until it is told to stop, and then ends the process.
 * @throws StartFailure
 */
export async function runService(options: RunOptions): Promise<void> {
  const out = createLineWriter(process.stdout);
  const palette = createPalette(wantsColour(process.stdout, process.env));
  const written = createLog(options, out, palette);
  const telemetry = options.otlp === undefined ? undefined : await openTelemetry(options.otlp, written);
  const log = telemetry?.watching(written) ?? written;
  // Lines about the first attempts are printed after the first screen, which explains them.
  if (!options.json) out.hold();
  const dialects = options.dialects === undefined ? {} : readDialectsFile(options.dialects);
  const { eventTypePolicy } = options;
  const consoleFiles = openConsole(log);
  const service = await startService({ ...options, settings: { eventTypePolicy }, dialects, log, consoleFiles });
  let demo: Demo = {};
  stopOnSignal(async () => {
    out.release();
    if (options.json) log.info('service.stopping');
    else out.write(`\n${palette.dim('Finishing the requests in flight…')}`);
    await service.stop();
    await demo.receiver?.stop();
    await telemetry?.stop();
    await out.flush();
  });

  for (const warning of options.warnings) log.warn('service.warning', { warning });
  if (options.json) logStart(service, log, service.isNew || options.newKey);
  if (options.demo && canDemo(options)) demo = await startDemo(service, log);
  if (options.json) logShowcase(demo.showcase, log);
  else {
    const consoleLink = (await consoleFiles) === undefined ? undefined : await service.operatorLink();
    const facts = { ...service, consoleLink };
    out.writeNow(firstScreen(facts, demo.showcase, palette, options.egress.allowHttp).join('\n'));
  }
  out.release();
  collectGarbageOfStart();
}

/** Its packages are loaded for those who ask for it. */
async function openTelemetry(url: string, log: Log): Promise<Telemetry> {
  const { startTelemetry } = await import('../telemetry/telemetry.ts');
  return startTelemetry({ url, clock: systemClock, log });
}

/** A console that can't be built is a warning: the API works without it. */
async function openConsole(log: Log): Promise<string | undefined> {
  const built = await builtConsole();
  if ('folder' in built) return built.folder;
  log.warn('service.warning', { warning: `There is no console at /: ${built.missing}` });
  return undefined;
}

/**
 * The demo's event is in no catalogue, its receiver is on this machine, and it asks the service as a client that trusts
 * public certificates only.
 */
function canDemo({ egress, tls, eventTypePolicy }: RunOptions): boolean {
  if (eventTypePolicy.refusesUnknown) return false;
  return egress.allowLoopback && egress.allowHttp && !egress.allowedHosts && tls === undefined;
}

interface Demo {
  receiver?: DemoReceiver | undefined;
  showcase?: Showcase;
}

/** A demo that fails is logged, and does not stop the service. */
async function startDemo(service: Service, log: Log): Promise<Demo> {
  try {
    if (!service.isNew) return { receiver: await restartReceiver(service) };
    const showcase = await showFirstDelivery(service);
    return { receiver: showcase.receiver, showcase };
  } catch (cause) {
    log.error('demo.failed', cause);
    return {};
  }
}

/** Logs are kept and passed on: a key is in the line of its first start only, when nobody knows it yet. */
function logStart({ url, port, apiKey, dataDir }: Service, log: Log, isNewKey: boolean): void {
  log.info('service.started', { url, port, ...(isNewKey && { api_key: apiKey }), data: dataDir, pid: process.pid });
}

/** The first screen's facts, for programs. */
function logShowcase(showcase: Showcase | undefined, log: Log): void {
  if (!showcase) return;
  const { received } = showcase;
  log.info('demo.received', { webhook_id: received?.id, verified: received?.verification.ok ?? false });
}

/** The first signal lets requests finish; the second ends the process at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let firstAt: number | undefined;
  const onSignal = () => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt > SAME_KEYSTROKE_MS) process.exit(EXIT_AT_ONCE);
      return;
    }
    firstAt = performance.now();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

function createLog({ json }: RunOptions, out: LineWriter, palette: Palette): Log {
  const output = { clock: systemClock, write: (line: string) => out.write(line) };
  return json ? createJsonLog(output) : createTerminalLog({ ...output, palette });
}
