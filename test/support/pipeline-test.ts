import { test as base } from 'vitest';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import { writeDeliveryMessage } from '../../lib/domain/message.ts';
import type { PipelineSettings } from '../../lib/pipeline/settings.ts';
import { TENANT, World } from './world.ts';

const DEFAULTS: Partial<PipelineSettings> = {};

/** A test that has a world of its own, and a process in it. A file with other settings overrides `settings`. */
export const test = base
  .extend('settings', DEFAULTS)
  .extend('world', ({ settings }, { onCleanup }) => {
    const world = new World(1, settings);
    onCleanup(() => world.close());
    return world;
  })
  .extend('process', ({ world }) => world.process())
  /** Posts an event; gives its id. */
  .extend(
    'post',
    ({ world, process }) =>
      async (type?: string) =>
        (await process.ingest(world.request(type))).id,
  )
  /** Sends the message of a first delivery with some epoch: a duplicate, a stale one, or one that points at nothing. */
  .extend(
    'sendMessage',
    ({ world }) =>
      (queue: 'deliveries' | 'retries', eventId: string, endpoint: Endpoint, epoch: number) => {
        const pointer = { tenantId: TENANT, endpointId: endpoint.id, eventId, ordinal: 0, epoch };
        return world.store.queues.send(queue, [{ body: writeDeliveryMessage(pointer), group: TENANT }]);
      },
  );
