import { createHttpSender } from '../../adapters/http/http-sender.ts';
import { createSecretBox } from '../../adapters/key-file/secret-box.ts';
import type { SqliteStore } from '../../adapters/sqlite/store.ts';
import { systemRandom } from '../../adapters/system/system-random.ts';
import { UsageMeter } from '../../pipeline/usage-meter.ts';
import type { Ports } from '../../ports/ports.ts';
import { openMailer } from '../mail/open-mailer.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { type PollWatches, watchPolls } from './poll-watches.ts';
import type { ServiceOptions, ServiceRules } from './service-options.ts';

/** The ports of a service, and what stands behind them. */
export interface OpenPorts {
  ports: Ports;
  data: DataFolder;
  /** Counts what the log is told, for the usage of tenants. */
  meter: UsageMeter;
  watches: PollWatches;
}

/**
 * Opens what the pipeline and the API reach the world through.
 * @param opened what is to be closed when the service ends is added to it
 * @throws StartFailure
 */
export async function openPorts(
  options: ServiceOptions,
  { clock, setTimer, egress, settings }: ServiceRules,
  opened: AsyncDisposableStack,
): Promise<OpenPorts> {
  const data = await openDataFolder(options.dataDir, clock, settings.logTtlMs);
  opened.defer(() => data.close());
  const sender = createHttpSender(egress);
  opened.defer(() => sender.close());
  const meter = new UsageMeter({ clock, usage: data.store.usage });
  const watches = watchPolls(data.store.polls, setTimer);
  const kept = { ...data.store, polls: watches.log };
  const mail = await openMailer(options.mail, clock);
  const composed = composePorts(kept, data.key, { clock, log: meter.watching(options.log), sender, ...mail });
  const ports = options.around?.(composed) ?? composed;
  // Once nobody makes deliveries any more.
  opened.defer(() => meter.flush(ports.log));
  return { ports, data, meter, watches };
}

function composePorts(
  store: Omit<SqliteStore, 'polls'> & Pick<Ports, 'polls'>,
  key: Uint8Array,
  world: Pick<Ports, 'clock' | 'log' | 'sender' | 'mailer'>,
): Ports {
  const { purgeExpired: _, close: __, sourcePositions: ___, ...kept } = store;
  return { ...world, ...kept, random: systemRandom, secrets: createSecretBox(key, systemRandom) };
}
