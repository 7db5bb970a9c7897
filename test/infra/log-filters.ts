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
 * Does CloudWatch match a pattern with a line? Of its syntax ("Filter pattern syntax", JSON log events) only what the stack
 * uses: top-level fields that must be equal to a text without wildcards, one of which is enough. A line that is no JSON
 * object matches nothing.
 */
export function matches(pattern: string, line: string): boolean {
  const wanted = termsOf(pattern);
  const fields = fieldsOf(line);
  return wanted.some(({ field, value }) => fields[field] === value);
}

/** What a pattern compares. */
export function termsOf(pattern: string): { field: string; value: string }[] {
  const term = String.raw`\(\$\.(\w+) = "([^"*\\]+)"\)`;
  if (!new RegExp(String.raw`^\{ ${term}( \|\| ${term})* \}$`).test(pattern)) {
    throw new Error(`This is another syntax: ${pattern}`);
  }
  return [...pattern.matchAll(new RegExp(term, 'g'))].map(([, field = '', value = '']) => ({ field, value }));
}

function fieldsOf(line: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(line)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
