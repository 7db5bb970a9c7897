import { Duration, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  Metric,
  PeriodOverride,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { MOST_IN_FLIGHT } from '../ports/queue-rules.ts';
import type { MetricName } from '../adapters/log/line-metrics.ts';
import type { AlwaysThere } from './written-in.ts';
import { ownMetric } from './own-metrics.ts';
import { SAVED_QUERIES } from './saved-queries.ts';
import type { Stages } from './stage-function.ts';
import type { Stateful } from './stateful.ts';

export interface DashboardProps {
  service: string;
  stateful: Stateful;
  httpApi: HttpApi;
  stages: Stages;
}

const period = Duration.minutes(5);
const SUM = { statistic: Stats.SUM, period };
const LARGEST = { statistic: Stats.MAXIMUM, period };
const WIDTH = 24;
const HEIGHT = 6;

/**
 * One page: the flow from left to right (accept, deliver, retry, dead-letter), what may be full, who fails, and what costs.
 * CloudWatch's first three dashboards of an account are free, of up to 50 metrics each ("Amazon CloudWatch Pricing").
 */
export class Dashboard extends Construct {
  readonly page: CloudWatchDashboard;
  private readonly props: DashboardProps;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    this.props = props;
    this.page = new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: props.service,
      periodOverride: PeriodOverride.INHERIT,
      defaultInterval: Duration.hours(3),
      widgets: [this.flow(), this.state(), this.saturation(), this.whoFails(), this.cost()],
    });
  }

  private flow(): IWidget[] {
    const { httpApi, stateful } = this.props;
    const { retries, exhausted, poison } = stateful.queues;
    const api = (name: string, label: string) => httpApi.metric(name, { ...SUM, label });
    return row(
      graph('1 · Accept', [
        this.own('EventsAccepted', 'events accepted'),
        api('4xx', 'requests refused (4xx)'),
        api('5xx', 'faults of ours (5xx)'),
      ]),
      graph('2 · Deliver', [
        this.own('DeliveriesDelivered', 'delivered'),
        this.own('AttemptsFailed', 'attempts failed'),
      ]),
      graph('3 · Retry', [
        retries.metricApproximateNumberOfMessagesNotVisible({ ...LARGEST, label: 'waiting for their time' }),
        retries.metricApproximateNumberOfMessagesVisible({ ...LARGEST, label: 'due' }),
        this.own('DeliveriesParked', 'parked in the table'),
        this.own('DeliveriesHeld', 'held: endpoint paused'),
      ]),
      graph('4 · Dead-letter', [
        this.own('DeliveriesExhausted', 'exhausted'),
        this.own('ExhaustedUnanswered', 'exhausted, without any answer'),
        this.own('DeliveriesAbandoned', 'abandoned'),
        exhausted.metricApproximateNumberOfMessagesVisible({ ...LARGEST, label: 'in the queue exhausted' }),
        poison.metricApproximateNumberOfMessagesVisible({ ...LARGEST, label: 'in the queue poison' }),
      ]),
    );
  }

  private state(): IWidget[] {
    const { deliveries } = this.props.stateful.queues;
    const time = (name: MetricName, statistic: string, label: string) =>
      ownMetric(this.props.service, name, { statistic, period, label });
    return row(
      graph('From the 202 to the first attempt, ms', [
        time('TimeToFirstAttempt', 'p50', 'p50'),
        time('TimeToFirstAttempt', 'p99', 'p99'),
      ]),
      graph('From the 202 to the delivery, ms', [
        time('TimeToDelivery', 'p50', 'p50'),
        time('TimeToDelivery', 'p99', 'p99'),
      ]),
      graph('Requests with any answer, share', [time('RequestAnswered', Stats.AVERAGE, 'answered')]),
      graph('How late, s', [
        deliveries.metricApproximateAgeOfOldestMessage({ ...LARGEST, label: 'oldest first attempt that waits' }),
        time('OldestDue', Stats.MAXIMUM, 'oldest that sweep sent again'),
      ]),
    );
  }

  private saturation(): IWidget[] {
    const { stateful, stages } = this.props;
    const { deliveries, retries } = stateful.queues;
    const concurrent = (entry: AlwaysThere) =>
      stages[entry].lambda.metric('ConcurrentExecutions', { ...LARGEST, label: entry });
    const throttled = (entry: AlwaysThere) => stages[entry].lambda.metricThrottles({ ...SUM, label: entry });
    return row(
      graph(`In flight, of ${MOST_IN_FLIGHT.toLocaleString('en')}`, [
        deliveries.metricApproximateNumberOfMessagesNotVisible({ ...LARGEST, label: 'deliveries' }),
        retries.metricApproximateNumberOfMessagesNotVisible({ ...LARGEST, label: 'retries' }),
      ]),
      graph('Invocations at the same time', [concurrent('ingest'), concurrent('dispatch'), concurrent('jobs')]),
      graph('Throttled by Lambda', [throttled('ingest'), throttled('dispatch'), throttled('jobs')]),
      graph('Endpoints', [
        this.own('EndpointsPaused', 'paused by the breaker'),
        this.own('EndpointsDisabled', 'disabled by a 410'),
      ]),
    );
  }

  private whoFails(): IWidget[] {
    const shown = ['Failures by endpoint', 'Faults of ours, by cause'];
    return SAVED_QUERIES.filter(({ name }) => shown.includes(name)).map(
      ({ name, of, commands }) =>
        new LogQueryWidget({
          title: name,
          logGroupNames: of.flatMap((entry) => this.props.stages[entry]?.logGroup.logGroupName ?? []),
          queryLines: [...commands],
          view: LogQueryVisualizationType.TABLE,
          width: WIDTH / shown.length,
          height: HEIGHT,
        }),
    );
  }

  private cost(): IWidget[] {
    const { httpApi, stateful, stages } = this.props;
    const { config, log } = stateful.tables;
    const spent = (entry: AlwaysThere) => stages[entry].lambda.metricDuration({ ...SUM, label: entry });
    const sent = (name: 'deliveries' | 'retries') =>
      stateful.queues[name].metricNumberOfMessagesSent({ ...SUM, label: name });
    const help = new TextWidget({
      markdown: `**${this.props.service}** in ${Stack.of(this).region}. What an alarm means and what to do: docs/runbook.md. More questions: Logs Insights, "Saved queries", folder ${this.props.service}.`,
      width: WIDTH,
      height: 2,
    });
    return [
      ...row(
        graph('Requests of the API', [httpApi.metricCount({ ...SUM, label: 'requests' })]),
        graph('Lambda, ms', [spent('ingest'), spent('dispatch')]),
        graph('DynamoDB, write units', [
          log.metricConsumedWriteCapacityUnits({ ...SUM, label: 'log' }),
          config.metricConsumedWriteCapacityUnits({ ...SUM, label: 'config' }),
        ]),
        graph('SQS, messages sent', [sent('deliveries'), sent('retries')]),
      ),
      help,
    ];
  }

  private own(name: MetricName, label: string): Metric {
    return ownMetric(this.props.service, name, { ...SUM, label });
  }
}

function graph(title: string, left: IMetric[]): (width: number) => IWidget {
  return (width) => new GraphWidget({ title, left, width, height: HEIGHT, leftYAxis: { min: 0, showUnits: false } });
}

/** Side by side, each as wide as the others. */
function row(...graphs: ReturnType<typeof graph>[]): IWidget[] {
  return graphs.map((make) => make(WIDTH / graphs.length));
}
