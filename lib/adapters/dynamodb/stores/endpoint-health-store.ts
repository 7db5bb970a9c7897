import type { EndpointHealth } from '../../../domain/endpoint.ts';
import { ServiceFault } from '../../../domain/errors.ts';
import type { EndpointHealthStore, FailureNote, SlowNote } from '../../../ports/endpoint-store.ts';
import type { DocumentTable, Expression } from '../access/document-table.ts';
import { healthOf } from '../layout/endpoint-item.ts';
import { endpointKey, troubleIndexKey } from '../layout/keys.ts';

/** Writers of different generations can interfere with each other a few times, but not for ever. */
const MAX_ROUNDS = 5;

/** Notes health in the endpoint's own item, and changes nothing else there. */
export class DynamoEndpointHealthStore implements EndpointHealthStore {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async get(tenantId: string, endpointId: string): Promise<EndpointHealth | undefined> {
    return healthOf({ tenantId, endpointId }, await this.#config.get(endpointKey(tenantId, endpointId)));
  }

  async countFailure(note: FailureNote): Promise<EndpointHealth> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const health = (await this.#countOnUnlessOtherGeneration(note)) ?? (await this.#beginIfNewerGeneration(note));
      if (health) return health;
      const stored = await this.get(note.tenantId, note.endpointId);
      if (stored && stored.generation > note.generation) return stored;
    }
    throw new ServiceFault(`The health of ${note.endpointId} changed during every attempt to count a failure.`);
  }

  async clearFailures(note: FailureNote): Promise<void> {
    // A paused endpoint stays in the index of those in trouble. Both cases are one write.
    if (await this.#clear(note, IN_TROUBLE, 'attribute_not_exists(#is_paused)')) return;
    await this.#clear(note, [], 'attribute_exists(#is_paused)');
  }

  #clear(note: FailureNote, removed: readonly string[], condition: string): Promise<EndpointHealth | undefined> {
    const change = changeOf(note, {
      set: ['#last_success_at = :at', '#consecutive_failures = :zero'],
      remove: ['#failing_since', ...removed],
      values: { ':zero': 0 },
    });
    const isOfNote = '(attribute_not_exists(#health_generation) OR #health_generation <= :generation)';
    return this.#update(note, change, `${isOfNote} AND ${condition}`);
  }

  /** Creates the health of an endpoint that has never failed. */
  async noteSlow({ tenantId, endpointId, generation, since, until }: SlowNote): Promise<void> {
    const set = [
      '#slow_generation = :generation, #slow_since = :since, #slow_until = :until',
      '#health_generation = if_not_exists(#health_generation, :generation)',
      '#consecutive_failures = if_not_exists(#consecutive_failures, :zero)',
    ];
    const change = {
      text: `SET ${set.join(', ')}`,
      values: { ':generation': generation, ':since': since, ':until': until, ':zero': 0 },
    };
    const condition = { text: 'attribute_not_exists(#slow_generation) OR #slow_generation <= :generation' };
    await this.#config.updateIf(endpointKey(tenantId, endpointId), change, condition);
  }

  async clearSlow({ tenantId, endpointId, generation }: Omit<SlowNote, 'since' | 'until'>): Promise<void> {
    const change = { text: 'REMOVE #slow_generation, #slow_since, #slow_until' };
    const condition = { text: '#slow_generation <= :generation', values: { ':generation': generation } };
    await this.#config.updateIf(endpointKey(tenantId, endpointId), change, condition);
  }

  /** The count starts at 1 where there is none, and after a success, which removes `failing_since`. */
  #countOnUnlessOtherGeneration(note: FailureNote): Promise<EndpointHealth | undefined> {
    const change = changeOf(note, {
      set: [
        '#failing_since = if_not_exists(#failing_since, :at)',
        '#consecutive_failures = if_not_exists(#consecutive_failures, :zero) + :one',
        ...SET_TROUBLE,
      ],
      values: { ':zero': 0, ':one': 1, ...troubleValues(note) },
    });
    return this.#update(note, change, 'attribute_not_exists(#health_generation) OR #health_generation = :generation');
  }

  #beginIfNewerGeneration(note: FailureNote): Promise<EndpointHealth | undefined> {
    const change = changeOf(note, {
      set: ['#failing_since = :at', '#consecutive_failures = :one', ...SET_TROUBLE],
      values: { ':one': 1, ...troubleValues(note) },
    });
    return this.#update(note, change, '#health_generation < :generation');
  }

  async #update(note: FailureNote, change: Expression, condition: string): Promise<EndpointHealth | undefined> {
    const key = endpointKey(note.tenantId, note.endpointId);
    return healthOf(note, await this.#config.updateIf(key, change, { text: condition }));
  }
}

interface Change {
  set: readonly string[];
  remove?: readonly string[];
  values: Readonly<Record<string, unknown>>;
}

/** Adds what every note writes. An attempt without a response has no status code, and removes the previous one. */
function changeOf(note: FailureNote, change: Change): Expression {
  const { generation, at, statusCode } = note;
  const responded = statusCode !== undefined;
  const set = [...OF_EVERY_NOTE, ...change.set, ...(responded ? ['#last_status_code = :code'] : [])];
  const remove = [...(change.remove ?? []), ...(responded ? [] : ['#last_status_code'])];
  return {
    text: `SET ${set.join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
    values: {
      ...change.values,
      ':generation': generation,
      ':at': at,
      ...(responded && { ':code': statusCode }),
    },
  };
}

const OF_EVERY_NOTE = ['#health_generation = :generation', '#last_attempted_at = :at'];

/** The keys of the index of those in trouble: the same at each failure, so that only the first one writes to the index. */
const IN_TROUBLE = ['#trouble_pk', '#trouble_sk'];
const SET_TROUBLE = IN_TROUBLE.map((name) => `${name} = ${name.replace('#', ':')}`);

function troubleValues({ tenantId, endpointId }: FailureNote): Record<string, string> {
  return Object.fromEntries(
    Object.entries(troubleIndexKey(tenantId, endpointId)).map(([name, value]) => [`:${name}`, value]),
  );
}
