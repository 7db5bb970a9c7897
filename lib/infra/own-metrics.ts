import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { DIMENSION, NAMESPACE } from '../adapters/log/embedded-metrics.ts';
import type { MetricName } from '../adapters/log/line-metrics.ts';

/** A metric that the functions write into their logs (lib/adapters/log/line-metrics.ts). */
export interface OwnMetric {
  statistic: string;
  period: Duration;
  label?: string;
  color?: string;
}

export function ownMetric(service: string, metricName: MetricName, shape: OwnMetric): Metric {
  return new Metric({ namespace: NAMESPACE, metricName, dimensionsMap: { [DIMENSION]: service }, ...shape });
}
