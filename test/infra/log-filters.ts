import { type Resource, entryOf, ofType } from './synthesized.ts';

/** A metric filter of the template: whose log it reads, and the metric that an alarm watches. */
export interface LogFilter {
  entry: string;
  pattern: string;
  metric: string;
}

export function logFiltersOf(resources: Record<string, Resource>): LogFilter[] {
  return ofType(resources, 'AWS::Logs::MetricFilter').map(([, { Properties }]) => ({
    entry: entryOf(Properties.LogGroupName.Ref),
    pattern: Properties.FilterPattern,
    metric: Properties.MetricTransformations[0].MetricName,
  }));
}

/**
 * Does CloudWatch find a pattern in a line? Of its syntax ("Filter pattern syntax", unstructured log events) only what the
 * stack uses: quoted phrases, each of which must be there, or all of them optional (`?"…"`), one of which must be.
 */
export function matches(pattern: string, line: string): boolean {
  const terms = [...pattern.matchAll(/(\?)?"([^"]+)"\s*/g)].map(([whole, optional, text]) => ({
    whole,
    optional,
    text,
  }));
  if (terms.map(({ whole }) => whole).join('') !== pattern) throw new Error(`This is another syntax: ${pattern}`);
  const isThere = ({ text = '' }: (typeof terms)[number]) => line.includes(text);
  if (terms.every(({ optional }) => optional)) return terms.some(isThere);
  if (terms.some(({ optional }) => optional)) throw new Error(`CloudWatch ignores the optional terms of ${pattern}`);
  return terms.every(isThere);
}
