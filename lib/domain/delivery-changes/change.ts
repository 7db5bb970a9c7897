import type { Delivery, DeliveryStatus } from '../delivery.ts';
import { isFinal } from '../delivery-state.ts';
import type { Trigger } from '../delivery-triggers.ts';
import { NextDelivery } from './next-delivery.ts';

/** The fields of every record. */
const LASTING = [
  'tenantId',
  'endpointId',
  'eventId',
  'ordinal',
  'eventType',
  'revision',
  'attempts',
  'epoch',
  'scheduleBase',
  'scheduleStartedAt',
  'jobId',
  'retryId',
  'retriedFromOrdinal',
  'isTest',
  'createdAt',
  'updatedAt',
] as const satisfies readonly (keyof Delivery)[];

const WAITING = ['statusReason', 'dueAt', 'checkAt', 'slot', 'faults'] as const;

/** What else a record of each status has; a change of status leaves the others behind. */
export const FIELDS_OF = {
  pending: WAITING,
  retrying: WAITING,
  parked: WAITING,
  held: ['statusReason', 'checkAt', 'heldAt', 'faults'],
  delivered: [],
  exhausted: ['checkAt', 'dlqPending', 'alertSentAt', 'alertError'],
  abandoned: ['statusReason'],
} as const satisfies Record<DeliveryStatus, readonly (keyof Delivery)[]>;

type FieldOf<Status extends DeliveryStatus> = (typeof LASTING)[number] | (typeof FIELDS_OF)[Status][number];

/** New values of the fields that a record of this status has; undefined removes one. */
export type Changes<Status extends DeliveryStatus> = {
  readonly [Field in FieldOf<Status>]?: Delivery[Field] | undefined;
};

/**
 * The next record of a delivery: the fields of its new status, each as it was read unless it is changed.
 * @param read the record as it was read; revision 0: there is none
 * @param trigger the one that has decided on this change
 * @throws Error when the table allows no such status for this trigger, or what is unfinished would not be in the due
 * index (invariant 4): a fault of ours
 */
export function change<Status extends DeliveryStatus>(
  read: Delivery,
  trigger: Trigger,
  status: Status,
  changes: Changes<Status>,
): NextDelivery {
  const all: Partial<Delivery> = { ...read, ...(changes as Partial<Delivery>) };
  const fields: readonly (keyof Delivery)[] = [...LASTING, ...FIELDS_OF[status]];
  const entries = fields.map((field) => [field, all[field]] as const);
  if (!isFinal(status) && all.checkAt === undefined) throw new Error(`A ${status} delivery must have a check time.`);
  const next = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  return new NextDelivery(read, trigger, { ...next, status } as Delivery);
}
