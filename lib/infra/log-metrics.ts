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

/**
 * Counts lines with one of these texts, in the logs of several functions, in one metric, which costs nothing until a line
 * matches. A returned `batchItemFailures` is no error to Lambda, so its metrics do not show the faults that these lines
 * tell of.
 */
export function countLines(
  scope: Construct,
  { name, metricName, period }: LineCount,
  of: readonly StageFunction[],
  texts: readonly string[],
): IMetric {
  const filters = of.map(
    (stage) =>
      new MetricFilter(scope, `${name}-${stage.node.id}`, {
        logGroup: stage.logGroup,
        filterPattern: FilterPattern.anyTerm(...texts),
        metricNamespace: 'Postrider',
        metricName,
      }),
  );
  const [first] = filters;
  if (!first) throw new Error(`${name} counts no lines.`);
  return first.metric({ statistic: Stats.SUM, period });
}
