import { createHttpSender } from '../../adapters/http/http-sender.ts';
import { createSecretBox, deriveApiKey } from '../../adapters/key-file/secret-box.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import { systemRandom } from '../../adapters/system/system-random.ts';
import type { SqliteStore } from '../../adapters/sqlite/store.ts';
import { createApi } from '../../api/api.ts';
import { DEFAULT_API_SETTINGS } from '../../api/api-settings.ts';
import { addDialects } from '../../dialects/index.ts';
import type { DialectDefinition } from '../../dialects/declared/definition.ts';
import { type ConsoleSettings, DEFAULT_CONSOLE } from '../../domain/console-settings.ts';
import { LOCAL_POLICY, STRICT_POLICY, type UrlPolicy } from '../../domain/url-policy.ts';
import { createDispatch } from '../../pipeline/dispatch/dispatch.ts';
import { createIngest } from '../../pipeline/ingest/ingest.ts';
import { redriveDeadLetters } from '../../pipeline/manual/redrive.ts';
import { UsageMeter } from '../../pipeline/usage-meter.ts';
import { DEFAULT_SETTINGS, type PipelineSettings } from '../../pipeline/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Ports } from '../../ports/ports.ts';
import type { MessageCount, QueueName } from '../../ports/queues.ts';
import { createConsoleSite } from '../console/console-site.ts';
import { openThreads } from '../threads/open-threads.ts';
import type { ThreadSettings } from '../threads/settings.ts';
import { type MailOptions, openMailer } from '../mail/open-mailer.ts';
import { type SourceOptions, startSource } from '../sources/start-source.ts';
import { writeAddress } from './address-file.ts';
import { type BackpressureSettings, DEFAULT_BACKPRESSURE, createBackpressure } from './backpressure.ts';
import { openBootstrapKey } from './bootstrap-key.ts';
import { type DataFolder, isNewFolder, openDataFolder } from './data-folder.ts';
import { CONCURRENT_MESSAGES } from './delivery-pollers.ts';
import { type TlsFiles, startGateway } from './gateway.ts';
import { type Listener, expectFree } from './listener.ts';
import { operatorLink } from './operator-link.ts';
import { isLoopbackHost } from './own-host.ts';
import { watchPolls } from './poll-watches.ts';
import { FULL_PACE, SLOW_PACE, takingEventsInTurns } from './post-turns.ts';
import { createReadingTurns } from './reading-turns.ts';
import { startStage } from './start-failure.ts';
import { systemTimer, timerOf } from './timer.ts';
import { ATTEMPTS_IN_LINE, MAX_REQUESTS, startWorkers } from './workers.ts';

export interface ServiceOptions {
  /** A folder, created if it does not exist; or `:memory:`, and nothing outlives the service. */
  dataDir: string;
  /** 0 picks a free one. */
  port: number;
  /** An address of this machine; default 127.0.0.1. */
  host?: string;
  log: Log;
  /** Default: the system's. Timers follow it too. */
  clock?: Clock;
  /** Are sensitive calls refused to a key whose owner has no second factor? Default: no. */
  requireMfa?: boolean;
  /** How many live API keys a tenant may have. */
  maxApiKeys?: number;
  /** Where endpoints may be. Default: `LOCAL_POLICY` when `host` is a loopback address, otherwise `STRICT_POLICY`. */
  egress?: UrlPolicy;
  /** Names of this service besides `localhost`: requests for other names are refused. */
  publicHosts?: readonly string[];
  /** Absent: plain HTTP. */
  tls?: TlsFiles | undefined;
  /** Makes a new platform key; the old one ends. */
  newKey?: boolean;
  /**
   * The folder of the built console, which is served at `/`; undefined once it turns out that there is none. Absent:
   * not served.
   */
  consoleFiles?: Promise<string | undefined>;
  settings?: Partial<PipelineSettings>;
  /** How far deliveries may fall behind. Default: `DEFAULT_BACKPRESSURE`. */
  backpressure?: Partial<BackpressureSettings>;
  /** Dialects of its own (lib/dialects/own-dialects.ts). All services of a process share them. */
  dialects?: Readonly<Record<string, DialectDefinition>>;
  /** Threads for deliveries. Default: none. With a clock of the caller's, or without a folder, there are none either. */
  threads?: Partial<ThreadSettings> | undefined;
  /** Default: served by this service, and framed by its own pages only. */
  console?: Partial<ConsoleSettings>;
  /** Default: events come by the API alone. */
  source?: SourceOptions | undefined;
  /** Default: no mail is sent. */
  mail?: MailOptions | undefined;
  /** Wraps the ports of the pipeline, for example to count their calls. */
  around?(ports: Ports): Ports;
}

/** The whole of Postrider, running in this process. */
export interface Service {
  /** `http://host:port`, without a slash at the end. */
  url: string;
  port: number;
  /** The platform key: the same at each start with the same folder, until it is renewed. */
  apiKey: string;
  /** What the demo derives its signing secret from. It stays when the platform key is renewed. */
  demoSeed: string;
  /** An absolute path, or `:memory:`. */
  dataDir: string;
  /** Whether the folder was empty before this start. */
  isNew: boolean;
  /** A link that signs an operator in to the console: good once, for ten minutes. */
  operatorLink(): Promise<string>;
  countMessages(queue: QueueName): MessageCount;
  /** Retries every delivery with a message in the exhausted queue now. @returns how many */
  redrive(): Promise<number>;
  /** Accepts no more requests, finishes those in flight, closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded service: the HTTP API, the pipeline and its queues over one SQLite file.
 * @throws StartFailure with one line that says what to do; everything that was opened is closed again
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  await using starting = new AsyncDisposableStack();
  const clock = options.clock ?? systemClock;
  const { host = '127.0.0.1', port, publicHosts = [], tls } = options;
  const policy = options.egress ?? (isLoopbackHost(host) ? LOCAL_POLICY : STRICT_POLICY);
  const ofThisProcess = { attemptsInLine: ATTEMPTS_IN_LINE, requestsAtOnce: CONCURRENT_MESSAGES };
  // Which port it is, only the gateway knows.
  const { url } = { ...DEFAULT_CONSOLE, ...options.console };
  const consoleUrl = () => url ?? `${gateway.url}/`;
  const settings: PipelineSettings = { ...DEFAULT_SETTINGS, ...ofThisProcess, consoleUrl, ...options.settings };

  const { dialects = {} } = options;
  addDialects(dialects);
  // Before anything is made there: the start on another port is then the first one, with all that it shows.
  if (isNewFolder(options.dataDir)) await startStage({ doing: 'listen', host, port }, () => expectFree(host, port));
  const data = await openDataFolder(options.dataDir, clock, settings.logTtlMs);
  starting.defer(() => data.close());
  const egress = { ...policy, maxSockets: MAX_REQUESTS };
  const sender = createHttpSender(egress);
  starting.defer(() => sender.close());
  const meter = new UsageMeter({ clock, usage: data.store.usage });
  const setTimer = options.clock ? timerOf(options.clock) : systemTimer;
  const watches = watchPolls(data.store.polls, setTimer);
  const kept = { ...data.store, polls: watches.log };
  const mail = await openMailer(options.mail, clock);
  const composed = composePorts(kept, data.key, { clock, log: meter.watching(options.log), sender, ...mail });
  const ports = options.around?.(composed) ?? composed;
  const apiKey = await openApiKey(ports, data, options.newKey ?? false);
  await data.store.queues.recoverInFlight();

  const { maxEndpoints, eventTypePolicy } = settings;
  const { requireMfa = false, maxApiKeys = DEFAULT_API_SETTINGS.maxApiKeys } = options;
  const ofTenants = { maxEndpoints, maxApiKeys, eventTypePolicy, logTtlMs: settings.logTtlMs };
  const apiSettings = { ...DEFAULT_API_SETTINGS, ...policy, ...ofTenants, requireMfa, consoleUrl };
  const backpressure = createBackpressure(data.store.queues, clock, {
    ...DEFAULT_BACKPRESSURE,
    ...options.backpressure,
  });
  const ofThreads = options.clock ? undefined : options.threads;
  const opened = openThreads({ threads: ofThreads, egress, ports, data, settings, setTimer, dialects });
  // Once nobody makes deliveries any more.
  starting.defer(() => meter.flush(ports.log));
  const stopThreads = async () => opened?.threads.stop();
  starting.defer(stopThreads);
  const own = createDispatch(ports, settings, opened?.others, setImmediate);
  const dispatch = opened?.watching(own) ?? own;
  const pace = () => (opened?.queues.isBehind ? SLOW_PACE : FULL_PACE);
  const ingest = backpressure.around(takingEventsInTurns(createIngest(ports, settings), pace));
  const api = createApi({ ports, ingest, settings: apiSettings, takeTurn: createReadingTurns() });
  const gateway: Listener = await startStage({ doing: 'listen', host, port }, () =>
    startGateway({ api, host, port, publicHosts, tls, site: siteOf(options) }),
  );
  starting.defer(() => gateway.close());
  starting.defer(writeAddress(data.path, gateway.url));
  const queues = opened?.queues ?? data.store.queues;
  const workers = startWorkers({ ports, dispatch, store: data.store, queues, settings, setTimer, meter });
  starting.defer(() => Promise.all([gateway.close(), workers.stop(), stopThreads()]).then(() => {}));
  const source =
    options.source && startSource(options.source, { ports, store: data.store, ingest, setTimer, dataDir: data.path });
  starting.defer(async () => source?.stop());
  starting.defer(() => backpressure.close());
  starting.defer(() => watches.end());

  const running = starting.move();
  let stopped: Promise<void> | undefined;
  return {
    url: gateway.url,
    port: gateway.port,
    apiKey,
    demoSeed: deriveApiKey(data.key),
    dataDir: data.path,
    isNew: data.isNew,
    operatorLink: () => operatorLink(ports, apiKey, consoleUrl()),
    countMessages: (queue) => data.store.queues.count(queue),
    redrive: () => redriveExhausted(data.store),
    stop: () => (stopped ??= running.disposeAsync()),
  };
}

function siteOf({ consoleFiles, console: settings }: ServiceOptions) {
  if (consoleFiles === undefined) return undefined;
  return createConsoleSite({ folder: consoleFiles, ...DEFAULT_CONSOLE, ...settings });
}

function openApiKey(ports: Ports, { key, apiKeyFile }: DataFolder, renew: boolean): Promise<string> {
  const options = { file: apiKeyFile, secretsKey: key, renew };
  return startStage({ doing: 'api-key', apiKeyFile }, () => openBootstrapKey(ports, options));
}

async function redriveExhausted({ queues }: SqliteStore): Promise<number> {
  const { moved } = await redriveDeadLetters(queues, 'exhausted', queues.count('exhausted').visible);
  return moved.retries;
}

function composePorts(
  store: Omit<SqliteStore, 'polls'> & Pick<Ports, 'polls'>,
  key: Uint8Array,
  world: Pick<Ports, 'clock' | 'log' | 'sender' | 'mailer'>,
): Ports {
  const { purgeExpired: _, close: __, sourcePositions: ___, ...kept } = store;
  return { ...world, ...kept, random: systemRandom, secrets: createSecretBox(key, systemRandom) };
}
