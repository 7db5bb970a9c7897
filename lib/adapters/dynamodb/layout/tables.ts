/** A key attribute: text or a number. */
export interface KeyAttribute {
  name: string;
  type: 'S' | 'N';
}

/** A sparse index: only items that have both key attributes are in it. */
export interface IndexDescription {
  name: string;
  partitionKey: KeyAttribute;
  sortKey: KeyAttribute;
  /** Only the keys of the index and of the table, so that an entry costs one write unit. */
  projection: 'KEYS_ONLY';
}

export interface TableDescription {
  partitionKey: KeyAttribute;
  sortKey: KeyAttribute;
  /** The time after which an item may be deleted, in whole seconds since the Unix epoch. */
  ttlAttribute?: string;
  indexes: readonly IndexDescription[];
}

export const TTL_ATTRIBUTE = 'expires_at';

/** Deliveries of the failing path, by tenant and status. */
export const STATUS_INDEX = 'by_status';
/** Everything unfinished, by the minute of its check time. */
export const DUE_INDEX = 'by_due_minute';

/** Endpoints of all tenants that fail or are paused. */
export const TROUBLE_INDEX = 'by_trouble';

const KEY = { partitionKey: { name: 'pk', type: 'S' }, sortKey: { name: 'sk', type: 'S' } } as const;

/** Endpoints with their health, subscriptions, brakes, tenants, API keys. Only what has ended expires. */
export const CONFIG_TABLE: TableDescription = {
  ...KEY,
  ttlAttribute: TTL_ATTRIBUTE,
  indexes: [
    {
      name: TROUBLE_INDEX,
      partitionKey: { name: 'trouble_pk', type: 'S' },
      sortKey: { name: 'trouble_sk', type: 'S' },
      projection: 'KEYS_ONLY',
    },
  ],
};

/** Events, deliveries, claims, jobs. */
export const LOG_TABLE: TableDescription = {
  ...KEY,
  ttlAttribute: TTL_ATTRIBUTE,
  indexes: [
    {
      name: STATUS_INDEX,
      partitionKey: { name: 'status_pk', type: 'S' },
      sortKey: { name: 'status_sk', type: 'S' },
      projection: 'KEYS_ONLY',
    },
    {
      name: DUE_INDEX,
      partitionKey: { name: 'due_pk', type: 'S' },
      sortKey: { name: 'due_sk', type: 'N' },
      projection: 'KEYS_ONLY',
    },
  ],
};
