import type { EndpointHealth } from '../../domain/endpoint.ts';
import { ServiceFault } from '../../domain/errors.ts';
import type { EndpointHealthStore, FailureNote } from '../../ports/endpoint-store.ts';
import type { DocumentTable, Expression } from './document-table.ts';
import { healthKey } from './keys.ts';
import { fromRecordItem } from './record-item.ts';

/** Two writers of different generations may cross a few times, not for ever. */
const MAX_ROUNDS = 5;

export class DynamoEndpointHealthStore implements EndpointHealthStore {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async get(tenantId: string, endpointId: string): Promise<EndpointHealth | undefined> {
    return fromRecordItem<EndpointHealth>(await this.#config.get(healthKey(tenantId, endpointId)));
  }

  async countFailure(note: FailureNote): Promise<EndpointHealth> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const health = (await this.#countOnUnlessOtherGeneration(note)) ?? (await this.#beginIfNewerGeneration(note));
      if (health) return health;
      const stored = await this.get(note.tenantId, note.endpointId);
      if (stored && stored.generation > note.generation) return stored;
    }
    throw new ServiceFault(`The health of ${note.endpointId} changed under every try to count a failure.`);
  }

  async clearFailures(note: FailureNote): Promise<void> {
    const change = changeOf(note, {
      set: ['#lastSuccessAt = :at', '#consecutiveFailures = :zero'],
      remove: ['#failingSince'],
      values: { ':zero': 0 },
    });
    await this.#update(note, change, 'attribute_not_exists(#pk) OR #generation <= :generation');
  }

  /** Where there is none yet it begins at 1; after a success, which removes `failingSince`, likewise. */
  #countOnUnlessOtherGeneration(note: FailureNote): Promise<EndpointHealth | undefined> {
    const change = changeOf(note, {
      set: [
        '#failingSince = if_not_exists(#failingSince, :at)',
        '#consecutiveFailures = if_not_exists(#consecutiveFailures, :zero) + :one',
      ],
      values: { ':zero': 0, ':one': 1 },
    });
    return this.#update(note, change, 'attribute_not_exists(#pk) OR #generation = :generation');
  }

  #beginIfNewerGeneration(note: FailureNote): Promise<EndpointHealth | undefined> {
    const change = changeOf(note, {
      set: ['#failingSince = :at', '#consecutiveFailures = :one'],
      values: { ':one': 1 },
    });
    return this.#update(note, change, '#generation < :generation');
  }

  async #update(note: FailureNote, change: Expression, condition: string): Promise<EndpointHealth | undefined> {
    const key = healthKey(note.tenantId, note.endpointId);
    return fromRecordItem<EndpointHealth>(await this.#config.updateIf(key, change, { text: condition }));
  }
}

interface Change {
  set: readonly string[];
  remove?: readonly string[];
  values: Readonly<Record<string, unknown>>;
}

/** With what every note writes. An attempt without an answer has no status code: the one before it is forgotten. */
function changeOf(note: FailureNote, change: Change): Expression {
  const { tenantId, endpointId, generation, at, statusCode } = note;
  const answered = statusCode !== undefined;
  const set = [...OF_EVERY_NOTE, ...change.set, ...(answered ? ['#lastStatusCode = :code'] : [])];
  const remove = [...(change.remove ?? []), ...(answered ? [] : ['#lastStatusCode'])];
  return {
    text: `SET ${set.join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
    values: {
      ...change.values,
      ':tenant': tenantId,
      ':endpoint': endpointId,
      ':generation': generation,
      ':at': at,
      ...(answered && { ':code': statusCode }),
    },
  };
}

const OF_EVERY_NOTE = [
  '#tenantId = :tenant',
  '#endpointId = :endpoint',
  '#generation = :generation',
  '#lastAttemptedAt = :at',
];
