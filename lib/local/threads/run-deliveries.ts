import type { MessagePort } from 'node:worker_threads';
import { createHttpSender } from '../../adapters/http/http-sender.ts';
import { createSecretBox } from '../../adapters/key-file/secret-box.ts';
import { openDispatchReader } from '../../adapters/sqlite/dispatch-reads.ts';
import { writingBy } from '../../adapters/sqlite/stores/delivery-log.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import { systemRandom } from '../../adapters/system/system-random.ts';
import { addDialects } from '../../dialects/index.ts';
import type { Delivery } from '../../domain/delivery.ts';
import { type Dispatch, type DispatchPorts, createDispatch } from '../../pipeline/dispatch/dispatch.ts';
import type { Log } from '../../ports/log.ts';
import { Asking } from './asking.ts';
import { crossing } from './crossing-error.ts';
import type { FromThread, ThreadData, ToThread } from './parts.ts';
import { TurnChannel } from './turn-channel.ts';

/**
 * What a delivery thread does: it dispatches what it is told to. It reads by a connection of its own, renders, signs and
 * sends; what is to be written, it asks the main thread for, which answers after the commit.
 */
export function runDeliveries(port: MessagePort, data: ThreadData): void {
  const channel = new TurnChannel<FromThread>(port);
  const asking = new Asking(channel);
  addDialects(data.dialects);
  const sender = createHttpSender(data.egress);
  const reads = openDispatchReader(data.path, systemClock, data.settings.logTtlMs);
  const ports: DispatchPorts = {
    ...askedPorts(asking),
    clock: systemClock,
    random: systemRandom,
    log: logBy(channel),
    secrets: createSecretBox(data.key, systemRandom),
    sender,
    reader: reads.reader,
  };
  const limits = { ...data.settings };
  const dispatch: Dispatch = createDispatch(ports, limits);
  port.on('message', (parts: ToThread[]) => {
    for (const part of parts)
      if (part.kind === 'dispatch') limits.requestsAtOnce = data.settings.requestsAtOnce / part.homes;
    const begun = parts.filter((part) => begin(part, dispatch, channel)).length;
    if (begun > 0) channel.send({ kind: 'begun', count: begun });
    for (const part of parts) if (part.kind === 'answer' || part.kind === 'failure') asking.settle(part);
    if (parts.some(({ kind }) => kind === 'close')) void sender.close().then(() => end(port, reads));
  });
  channel.send({ kind: 'ready' });
}

function begin(part: ToThread, dispatch: Dispatch, channel: TurnChannel<FromThread>): boolean {
  if (part.kind !== 'dispatch') return false;
  const { id, batch } = part;
  dispatch(batch).then(
    (kept) => channel.send({ kind: 'done', id, kept }),
    (error: unknown) => channel.send({ kind: 'broke', id, error: crossing(error) }),
  );
  return true;
}

/** Nothing is under way any more: without its port, the thread ends. */
function end(port: MessagePort, reads: { close(): void }): void {
  reads.close();
  port.close();
}

function askedPorts(asking: Asking) {
  return {
    queues: asking.port<DispatchPorts['queues']>('queues'),
    endpoints: asking.port<DispatchPorts['endpoints']>('endpoints'),
    subscriptions: asking.port<DispatchPorts['subscriptions']>('subscriptions'),
    health: asking.port<DispatchPorts['health']>('health'),
    slots: asking.port<DispatchPorts['slots']>('slots'),
    jobs: asking.port<DispatchPorts['jobs']>('jobs'),
    polls: asking.port<DispatchPorts['polls']>('polls'),
    deliveries: writingBy(asking.port<DispatchPorts['deliveries']>('deliveries'), (...args) =>
      asking.call<Delivery | undefined>('deliveries', 'writeOpened', args),
    ),
  };
}

/** Lines are written, and counted for the usage, by the main thread. */
function logBy(channel: TurnChannel<FromThread>): Log {
  return {
    info: (event, fields) => channel.send({ kind: 'line', level: 'info', event, fields }),
    warn: (event, fields) => channel.send({ kind: 'line', level: 'warn', event, fields }),
    error: (event, cause, fields) => channel.send({ kind: 'error-line', event, cause: crossing(cause), fields }),
  };
}
