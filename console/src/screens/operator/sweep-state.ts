/** As the log has it (`sweep.behind`): entries of the last 20 minutes are always looked at again. */
const BEHIND_MS = 45 * 60_000;

/** @param at when it was looked @param sweptUntil ISO 8601, as `at`; null: sweep has not run yet */
export function sweepState(at: string, sweptUntil: string | null): 'never' | 'current' | 'behind' {
  if (sweptUntil === null) return 'never';
  return Date.parse(at) - Date.parse(sweptUntil) > BEHIND_MS ? 'behind' : 'current';
}
