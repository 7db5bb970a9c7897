import { asciiJson } from './ascii-json.ts';
import type { DeliveryKey } from './ids.ts';

/** The version of messages that this code writes and the newest that it reads. */
export const MESSAGE_VERSION = 1;

/** What a message of the queues deliveries, retries and exhausted says: a pointer to a delivery, and its epoch. */
export interface DeliveryPointer extends DeliveryKey {
  epoch: number;
}

/** What a message of the queues jobs and probes says. */
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

export function readDeliveryMessage(body: string): Parsed<DeliveryPointer> {
  return readMessage(body, ({ tenant, endpoint, event, ordinal, epoch }) =>
    isId(tenant) && isId(endpoint) && isId(event) && isCount(ordinal) && isCount(epoch)
      ? { tenantId: tenant, endpointId: endpoint, eventId: event, ordinal, epoch }
      : undefined,
  );
}

export function writeJobMessage(pointer: JobPointer): string {
  return asciiJson({ v: MESSAGE_VERSION, tenant: pointer.tenantId, job: pointer.jobId, step: pointer.step });
}

export function readJobMessage(body: string): Parsed<JobPointer> {
  return readMessage(body, ({ tenant, job, step }) =>
    isId(tenant) && isId(job) && isCount(step) ? { tenantId: tenant, jobId: job, step } : undefined,
  );
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

function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0;
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
