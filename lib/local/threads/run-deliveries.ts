import type { MessagePort } from 'node:worker_threads';
import { createHttpSender } from '../../adapters/http/http-sender.ts';
import { createSecretBox } from '../../adapters/key-file/secret-box.ts';
import { sharingOf } from '../../adapters/sqlite/sharing.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import { systemRandom } from '../../adapters/system/system-random.ts';
import { addDialects } from '../../dialects/index.ts';
import { type DispatchPorts, createDispatch } from '../../pipeline/dispatch/dispatch.ts';
import type { Log } from '../../ports/log.ts';
import { openStoreFile } from '../service/data-folder.ts';
import { startDeliveryPollers } from '../service/delivery-pollers.ts';
import { systemTimer } from '../service/timer.ts';
import { AskedEntries } from './asked-entries.ts';
import { crossing } from './crossing-error.ts';
import type { FromThread, ThreadData, ToThread } from './parts.ts';
import { SharedPlaces } from './shared-places.ts';
import { TurnChannel } from './turn-channel.ts';

/**
 * What a delivery thread does: it receives deliveries and retries by a connection of its own, makes them, and writes their
 * results, as another instance of the dispatch function does on AWS.
 */
export function runDeliveries(port: MessagePort, data: ThreadData): void {
  const channel = new TurnChannel<FromThread>(port);
  const polls = new AskedEntries(channel);
  addDialects(data.dialects);
  const store = openStoreFile(data.path, systemClock, data.settings.logTtlMs, sharingOf(data.store, data.number));
  const { queues } = store;
  const sender = createHttpSender(data.egress);
  const ports: DispatchPorts = {
    ...store,
    polls,
    clock: systemClock,
    random: systemRandom,
    log: logBy(channel),
    secrets: createSecretBox(data.key, systemRandom),
    sender,
  };
  const dispatch = createDispatch(ports, data.settings, new SharedPlaces(data.places, data.row), setImmediate);
  queues.onChange((queue) => channel.send({ kind: 'changed', queue }));
  const pollers = startDeliveryPollers({ ports, queues, dispatch, setTimer: systemTimer, threads: data.threads });

  const close = async () => {
    await pollers.stop();
    await sender.close();
    store.close();
    channel.flush();
    // Without its port, the thread ends.
    port.close();
  };
  port.on('message', (parts: ToThread[]) => {
    for (const part of parts) {
      if (part.kind === 'changed') queues.announce(part.queue);
      else if (part.kind === 'close') void close();
      else polls.settle(part);
    }
  });
  channel.send({ kind: 'ready' });
}

/** Lines are written, and counted for the usage, by the main thread. */
function logBy(channel: TurnChannel<FromThread>): Log {
  return {
    info: (event, fields) => channel.send({ kind: 'line', level: 'info', event, fields }),
    warn: (event, fields) => channel.send({ kind: 'line', level: 'warn', event, fields }),
    error: (event, cause, fields) => channel.send({ kind: 'error-line', event, cause: crossing(cause), fields }),
  };
}
