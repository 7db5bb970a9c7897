import { RequestError, unknownEventType } from '../../domain/errors.ts';
import type { EventTypePolicy } from '../../domain/event-type.ts';
import type { Ports } from '../../ports/ports.ts';
import type { KnownType } from './known-types.ts';
import type { PostedEvent } from './request.ts';

/**
 * What the catalogue says against an event that the policy in force lets pass.
 * @param known undefined: the type is not in the catalogue
 * @returns a sentence; undefined: nothing
 * @throws RequestError `unknown-event-type`, `data-mismatch`
 */
export function checkType(
  policy: Required<EventTypePolicy>,
  known: KnownType | undefined,
  { type, data }: PostedEvent,
): string | undefined {
  if (!known && policy.refusesUnknown) throw unknownEventType(type);
  const problem = policy.dataCheck === 'off' ? undefined : known?.check?.(data);
  if (problem === undefined) return undefined;
  const sentence = `\`data\` ${problem}. See \`GET /v1/event-types/${type}\`.`;
  if (policy.dataCheck === 'refuse') throw new RequestError('data-mismatch', sentence);
  return sentence;
}

/** The caller sees it in the answer, the operator in the log. */
export function noteWarning({ log }: Pick<Ports, 'log'>, tenantId: string, type: string): void {
  log.info('ingest.data-mismatch', { tenant_id: tenantId, event_type: type });
}
