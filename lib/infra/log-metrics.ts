import type { Duration } from 'aws-cdk-lib';
import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { StageFunction } from './stage-function.ts';

interface LineCount {
  name: string;
  /** Unique in the account and region. */
  metricName: string;
  period: Duration;
}

/** What a line says in one of its fields, in full. */
export interface LineSays {
  field: 'event' | 'fault';
  value: string;
}

/** "Quotas" of CloudWatch Logs: characters of a filter pattern. */
const MAX_PATTERN = 1024;

/**
 * Counts lines that say one of these things, in the logs of several functions, in one metric, which costs nothing until a
 * line matches. Fields are compared, not the line's text, in which a tenant's own words may stand. A returned
 * `batchItemFailures` is no error to Lambda, so its metrics do not show the faults that these lines tell of.
 */
export function countLines(
  scope: Construct,
  { name, metricName, period }: LineCount,
  of: readonly StageFunction[],
  says: readonly LineSays[],
): IMetric {
  const filterPattern = FilterPattern.any(
    ...says.map(({ field, value }) => FilterPattern.stringValue(`$.${field}`, '=', value)),
  );
  const { length } = filterPattern.logPatternString;
  if (length > MAX_PATTERN) throw new Error(`The pattern of ${name} has ${length} characters, of ${MAX_PATTERN}.`);
  const filters = of.map(
    (stage) =>
      new MetricFilter(scope, `${name}-${stage.node.id}`, {
        logGroup: stage.logGroup,
        filterPattern,
        metricNamespace: 'Postrider',
        metricName,
      }),
  );
  const [first] = filters;
  if (!first) throw new Error(`${name} counts no lines.`);
  return first.metric({ statistic: Stats.SUM, period });
}
