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
  return matchesFields(pattern, fieldsOf(line));
}

/** {@link matches} for a line of which the fields are known. */
export function matchesFields(pattern: string, fields: Readonly<Record<string, unknown>>): boolean {
  return termsOf(pattern).some(({ field, value }) => fields[field] === value);
}

interface Term {
  field: string;
  value: string;
}

/** A few patterns are compared with ten thousands of lines. */
const read = new Map<string, Term[]>();

/** What a pattern compares. */
export function termsOf(pattern: string): Term[] {
  const terms = read.get(pattern) ?? readTerms(pattern);
  read.set(pattern, terms);
  return terms;
}

function readTerms(pattern: string): Term[] {
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
