import { asciiJson } from './ascii-json.ts';
import { type DeliveryKey, isIdOf, isOrdinal } from './ids.ts';
import { isTenantId } from './tenant-id.ts';

/** The version of messages that this code writes and the newest that it reads. */
export const MESSAGE_VERSION = 1;

/** What a message of the queues deliveries, retries, slow and exhausted says: a pointer to a delivery, and its epoch. */
export interface DeliveryPointer extends DeliveryKey {
  epoch: number;
}

/** What a message of the queue jobs, and of a probe in slow, says. */
export interface JobPointer {
  tenantId: string;
  jobId: string;
  step: number;
}

/** A body that was read: a pointer, one of a newer version (leave it to newer code), or nothing that we can read. */
export type Parsed<T> = { kind: 'pointer'; pointer: T } | { kind: 'newer' } | { kind: 'unreadable'; why: string };

export function writeDeliveryMessage(pointer: DeliveryPointer): string {
  const { tenantId: tenant, endpointId: endpoint, eventId: event, ordinal, epoch } = pointer;
  return asciiJson({ v: MESSAGE_VERSION, tenant, endpoint, event, ordinal, epoch });
}

/** As strict as the keys that it becomes: a pointer that was read can be looked up on every store (invariant 14). */
export function readDeliveryMessage(body: string): Parsed<DeliveryPointer> {
  return readMessage(body, ({ tenant, endpoint, event, ordinal, epoch }) =>
    isTenant(tenant) &&
    isId('ep', endpoint) &&
    isId('evt', event) &&
    isCount(ordinal) &&
    isOrdinal(ordinal) &&
    isCount(epoch)
      ? { tenantId: tenant, endpointId: endpoint, eventId: event, ordinal, epoch }
      : undefined,
  );
}

export function writeJobMessage(pointer: JobPointer): string {
  return asciiJson({ v: MESSAGE_VERSION, tenant: pointer.tenantId, job: pointer.jobId, step: pointer.step });
}

export function readJobMessage(body: string): Parsed<JobPointer> {
  return readMessage(body, ({ tenant, job, step }) =>
    isTenant(tenant) && isId('job', job) && isCount(step) ? { tenantId: tenant, jobId: job, step } : undefined,
  );
}

/** Tells the two kinds apart where one queue carries both, whatever their version. */
export function isJobMessage(body: string): boolean {
  return parseObject(body)?.job !== undefined;
}

function readMessage<T>(body: string, read: (fields: Record<string, unknown>) => T | undefined): Parsed<T> {
  const fields = parseObject(body);
  if (!fields) return { kind: 'unreadable', why: 'not a JSON object' };
  if (!isCount(fields.v)) return { kind: 'unreadable', why: 'no version' };
  if (fields.v > MESSAGE_VERSION) return { kind: 'newer' };
  const pointer = read(fields);
  return pointer ? { kind: 'pointer', pointer } : { kind: 'unreadable', why: 'fields missing or of the wrong kind' };
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isTenant(value: unknown): value is string {
  return typeof value === 'string' && isTenantId(value);
}

function isId(kind: 'ep' | 'evt' | 'job', value: unknown): value is string {
  return typeof value === 'string' && isIdOf(kind, value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
