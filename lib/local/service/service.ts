import { deriveApiKey } from '../../adapters/key-file/secret-box.ts';
import type { SqliteStore } from '../../adapters/sqlite/store.ts';
import { createApi } from '../../api/api.ts';
import { addDialects } from '../../dialects/index.ts';
import { DEFAULT_CONSOLE } from '../../domain/console-settings.ts';
import { createIngest } from '../../pipeline/ingest/ingest.ts';
import { redriveDeadLetters } from '../../pipeline/manual/redrive.ts';
import type { Ports } from '../../ports/ports.ts';
import type { MessageCount, QueueName } from '../../ports/queues.ts';
import { createConsoleSite } from '../console/console-site.ts';
import { startSource } from '../sources/start-source.ts';
import { writeAddress } from './address-file.ts';
import { createBackpressure } from './backpressure.ts';
import { openBootstrapKey } from './bootstrap-key.ts';
import { type DataFolder, isNewFolder } from './data-folder.ts';
import { startGateway } from './gateway.ts';
import { type Listener, expectFree } from './listener.ts';
import { openDeliveries } from './open-deliveries.ts';
import { openPorts } from './open-ports.ts';
import { operatorLink } from './operator-link.ts';
import { FULL_PACE, SLOW_PACE, takingEventsInTurns } from './post-turns.ts';
import { createReadingTurns } from './reading-turns.ts';
import { type ServiceOptions, rulesOf } from './service-options.ts';
import { startStage } from './start-failure.ts';
import { startWorkers } from './workers.ts';

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
  // Where it is served, only the gateway knows.
  const rules = rulesOf(options, () => `${gateway.url}/`);
  const { clock, setTimer, place, settings } = rules;
  addDialects(options.dialects ?? {});
  // Before anything is made there: the start on another port is then the first one, with all that it shows.
  if (isNewFolder(options.dataDir)) {
    await startStage({ doing: 'listen', ...place }, () => expectFree(place.host, place.port));
  }
  const opened = await openPorts(options, rules, starting);
  const { ports, data, meter, watches } = opened;
  const { store } = data;
  const apiKey = await openApiKey(ports, data, options.newKey ?? false);
  await store.queues.recoverInFlight();

  const deliveries = openDeliveries(options, rules, opened);
  starting.defer(() => deliveries.stop());
  const backpressure = createBackpressure(store.queues, clock, rules.backpressure);
  const pace = () => (deliveries.areBehind() ? SLOW_PACE : FULL_PACE);
  const ingest = backpressure.around(takingEventsInTurns(createIngest(ports, settings), pace));
  const api = createApi({ ports, ingest, settings: rules.apiSettings, takeTurn: createReadingTurns() });
  const { publicHosts = [], tls } = options;
  const gateway: Listener = await startStage({ doing: 'listen', ...place }, () =>
    startGateway({ api, ...place, publicHosts, tls, site: siteOf(options) }),
  );
  starting.defer(() => gateway.close());
  starting.defer(writeAddress(data.path, gateway.url));
  const { dispatch, queues } = deliveries;
  const workers = startWorkers({ ports, dispatch, store, queues, settings, setTimer, meter });
  starting.defer(() => Promise.all([gateway.close(), workers.stop(), deliveries.stop()]).then(() => {}));
  const source = options.source && startSource(options.source, { ports, store, ingest, setTimer, dataDir: data.path });
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
    operatorLink: () => operatorLink(ports, apiKey, rules.consoleUrl()),
    countMessages: (queue) => store.queues.count(queue),
    redrive: () => redriveExhausted(store),
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
