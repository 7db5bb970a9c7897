import { ComparisonOperator, type IMetric, type TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

/** When an alarm rises. */
export interface AlarmShape {
  metric: IMetric;
  comparison: ComparisonOperator;
  threshold: number;
  /** How many consecutive periods of the metric are looked at. */
  periods: number;
  /** In how many of them it must be true. Default: in all. */
  datapoints?: number;
  /** Default: missing data is no alarm. */
  missing?: TreatMissingData;
}

export const above = (metric: IMetric, threshold: number, periods = 1): AlarmShape => ({
  metric,
  comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
  threshold,
  periods,
});
