import { Duration, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueueName } from '../ports/queues.ts';
import type { StageFunction } from './stage-function.ts';

export interface AlarmsProps {
  queues: Readonly<Record<QueueName, Queue>>;
  httpApi: HttpApi;
  dispatch: StageFunction;
  jobs: StageFunction;
  sweep: StageFunction;
}

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);

/** Log lines that need attention, by the word that the pipeline logs. */
const LOGGED_FAULTS = {
  'dispatch-missing': { word: 'dispatch.missing', stage: 'dispatch' },
  'held-expired': { word: 'sweep.expired', stage: 'sweep' },
} as const;

interface AlarmShape {
  metric: IMetric;
  comparison: ComparisonOperator;
  threshold: number;
  /** How many consecutive periods of the metric. */
  periods: number;
  /** Default: missing data is no alarm. */
  missing?: TreatMissingData;
}

const above = (metric: IMetric, threshold: number, periods = 1): AlarmShape => ({
  metric,
  comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
  threshold,
  periods,
});

/** What an operator must look at. Each alarm has a section with its name in docs/runbook.md. */
export class Alarms extends Construct {
  private readonly all: Alarm[] = [];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.watchQueues(props);
    this.watchFunctions(props);
    this.watchLogs(props);
    const faults = props.httpApi.metric('5xx', { statistic: Stats.SUM, period: FIVE_MINUTES });
    this.alarm('api-faults', above(faults, 5));
    this.watchInFlight(props.queues);
  }

  /** Adds an action to every alarm, such as an `SnsAction`. Without one, an alarm is shown and notifies nobody. */
  notify(action: IAlarmAction): void {
    for (const alarm of this.all) alarm.addAlarmAction(action);
  }

  private watchQueues({ queues }: AlarmsProps): void {
    const { deliveries, jobs, exhausted, poison } = queues;
    const age = (queue: Queue) => queue.metricApproximateAgeOfOldestMessage({ period: MINUTE });
    this.alarm('poison', above(poison.metricApproximateNumberOfMessagesVisible({ period: MINUTE }), 0));
    const sentToExhausted = exhausted.metricNumberOfMessagesSent({ period: Duration.hours(1) });
    this.alarm('exhausted', above(sentToExhausted, 100));
    this.alarm('deliveries-age', above(age(deliveries), Duration.minutes(10).toSeconds(), 5));
    this.alarm('jobs-age', above(age(jobs), Duration.hours(1).toSeconds(), 5));
  }

  private watchFunctions({ dispatch, jobs, sweep }: AlarmsProps): void {
    const stages = { dispatch, jobs, sweep };
    for (const [name, { lambda }] of Object.entries(stages)) {
      this.alarm(`${name}-errors`, above(lambda.metricErrors({ period: FIVE_MINUTES }), 0, 2));
    }
    this.alarm('dispatch-throttles', above(dispatch.lambda.metricThrottles({ period: FIVE_MINUTES }), 0, 3));
    this.alarm('sweep-not-running', {
      metric: sweep.lambda.metricInvocations({ period: FIVE_MINUTES }),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      periods: 2,
      missing: TreatMissingData.BREACHING,
    });
  }

  /** Finds a word anywhere in a log line. A metric filter costs nothing until a line matches. */
  private watchLogs(stages: AlarmsProps): void {
    for (const [name, { word, stage }] of Object.entries(LOGGED_FAULTS)) {
      const filter = new MetricFilter(this, `${name}-lines`, {
        logGroup: stages[stage].logGroup,
        filterPattern: FilterPattern.literal(`"${word}"`),
        metricNamespace: 'Postrider',
        metricName: `${Stack.of(this).stackName}-${name}`,
      });
      this.alarm(name, above(filter.metric({ statistic: Stats.SUM, period: FIVE_MINUTES }), 0));
    }
  }

  /** SQS gives no more messages of a queue once 120,000 are in flight (Amazon SQS message quotas). */
  private watchInFlight({ deliveries, retries }: AlarmsProps['queues']): void {
    for (const [name, queue] of Object.entries({ deliveries, retries })) {
      const inFlight = queue.metricApproximateNumberOfMessagesNotVisible({ period: FIVE_MINUTES });
      this.alarm(`${name}-in-flight`, above(inFlight, 90_000));
    }
  }

  private alarm(name: string, { metric, comparison, threshold, periods, missing }: AlarmShape): void {
    const alarm = new Alarm(this, name, {
      alarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: `docs/runbook.md, section "${name}"`,
      metric,
      comparisonOperator: comparison,
      threshold,
      evaluationPeriods: periods,
      treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
    });
    this.all.push(alarm);
  }
}
