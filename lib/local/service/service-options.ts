import { systemClock } from '../../adapters/system/system-clock.ts';
import { type ApiSettings, DEFAULT_API_SETTINGS } from '../../api/api-settings.ts';
import type { DialectDefinition } from '../../dialects/declared/definition.ts';
import type { ConsoleSettings } from '../../domain/console-settings.ts';
import { LOCAL_POLICY, STRICT_POLICY, type UrlPolicy } from '../../domain/url-policy.ts';
import { DEFAULT_SETTINGS, type PipelineSettings } from '../../pipeline/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Ports } from '../../ports/ports.ts';
import type { MailOptions } from '../mail/open-mailer.ts';
import type { SourceOptions } from '../sources/start-source.ts';
import type { ThreadSettings } from '../threads/settings.ts';
import { type BackpressureSettings, DEFAULT_BACKPRESSURE } from './backpressure.ts';
import { CONCURRENT_MESSAGES } from './delivery-pollers.ts';
import type { TlsFiles } from './gateway.ts';
import { isLoopbackHost } from './own-host.ts';
import { type SetTimer, systemTimer, timerOf } from './timer.ts';
import { ATTEMPTS_IN_LINE, MAX_REQUESTS } from './workers.ts';

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

/** What a service goes by: its options, and the defaults where they say nothing. */
export interface ServiceRules {
  clock: Clock;
  setTimer: SetTimer;
  /** Where the API is served. Port 0: the system picks one. */
  place: { host: string; port: number };
  /** What its requests to endpoints may reach. */
  egress: UrlPolicy & { maxSockets: number };
  settings: PipelineSettings;
  apiSettings: ApiSettings;
  backpressure: BackpressureSettings;
  /** Undefined: no delivery threads. */
  threads: Partial<ThreadSettings> | undefined;
  /** The address of the console, with a slash at its end. */
  consoleUrl(): string;
}

/** @param ownUrl where the service is served, with a slash at its end: asked once it is */
export function rulesOf(options: ServiceOptions, ownUrl: () => string): ServiceRules {
  const { host = '127.0.0.1', port, clock = systemClock } = options;
  const consoleUrl = () => options.console?.url ?? ownUrl();
  const policy = options.egress ?? (isLoopbackHost(host) ? LOCAL_POLICY : STRICT_POLICY);
  const settings: PipelineSettings = {
    ...DEFAULT_SETTINGS,
    attemptsInLine: ATTEMPTS_IN_LINE,
    requestsAtOnce: CONCURRENT_MESSAGES,
    consoleUrl,
    ...options.settings,
  };
  const { maxEndpoints, eventTypePolicy, logTtlMs } = settings;
  const { requireMfa = false, maxApiKeys = DEFAULT_API_SETTINGS.maxApiKeys } = options;
  const ofTenants = { maxEndpoints, maxApiKeys, eventTypePolicy, logTtlMs, requireMfa };
  return {
    clock,
    setTimer: options.clock ? timerOf(options.clock) : systemTimer,
    place: { host, port },
    egress: { ...policy, maxSockets: MAX_REQUESTS },
    settings,
    apiSettings: { ...DEFAULT_API_SETTINGS, ...policy, ...ofTenants, consoleUrl },
    backpressure: { ...DEFAULT_BACKPRESSURE, ...options.backpressure },
    threads: options.clock ? undefined : options.threads,
    consoleUrl,
  };
}
