import { DAY } from '../../../domain/durations.ts';
import { InvalidRequest } from '../../http/invalid-request.ts';

/** Refuses a range of days that is empty, or longer than a call shows. @throws InvalidRequest */
export function checkDays(since: string, until: string, most: number): void {
  const days = (Date.parse(until) - Date.parse(since)) / DAY + 1;
  if (days >= 1 && days <= most) return;
  const message = days < 1 ? '`since` must not be after `until`.' : `A call shows ${most} days at most: ask for less.`;
  throw new InvalidRequest('query', [{ field: 'since', message }]);
}
