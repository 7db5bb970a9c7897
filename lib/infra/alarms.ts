import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IAlarmAction, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type AlarmShape, above } from './alarm-shape.ts';
import { MOST_IN_FLIGHT } from '../ports/queue-rules.ts';
import type { QueueName } from '../ports/queues.ts';
import { BEHIND_LINES, FAULT_LINES, LOSS_LINES } from './log-lines.ts';
import { type LineSays, countLines } from './log-metrics.ts';
import { ownMetric } from './own-metrics.ts';
import type { Source } from './source.ts';
import type { StageFunction, Stages } from './stage-function.ts';

export interface AlarmsProps {
  /** What the names of alarms begin with. */
  service: string;
  queues: Readonly<Record<QueueName, Queue>>;
  httpApi: HttpApi;
  stages: Stages;
}

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);
/** Longer than the heaviest batch of usual size takes at 256 MiB (docs/deploy.md, Memory). */
const SLOW_POST = Duration.seconds(5);

/** Functions that work in the background: nobody else notices when they fail. */
const BACKGROUND = ['dispatch', 'jobs', 'sweep'] as const;
const LOOPING = ['dispatch', 'jobs'] as const;
/**
 * Functions whose throttling makes deliveries late. The others show it in another way: sweep does not run,
 * and for the API's functions the gateway answers with a 5xx.
 */
const ON_EVENT_PATH = ['dispatch', 'jobs'] as const;

const named = (lines: readonly string[]): LineSays[] => lines.map((value) => ({ field: 'event', value }));

/** What an operator must look at. The description of each alarm names its section in docs/runbook.md. */
export class Alarms extends Construct {
  private readonly all: Alarm[] = [];
  private readonly prefix: string;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.prefix = props.service;
    this.watchQueues(props);
    this.watchFunctions(props);
    this.watchLogs(props);
    this.watchLoops(props);
    this.watchApi(props);
    this.watchInFlight(props.queues);
    this.watchAnswers();
    this.watchExhausted();
  }

  /** Adds an action to every alarm, such as an `SnsAction`. Without one, an alarm is shown and notifies nobody. */
  notify(action: IAlarmAction): void {
    for (const alarm of this.all) alarm.addAlarmAction(action);
  }

  /** Tells a topic of every alarm. */
  tell(topic: ITopic): void {
    this.notify(new SnsAction(topic));
  }

  /** @throws when there is no alarm of that name */
  named(names: readonly string[]): Alarm[] {
    return names.map((name) => this.node.findChild(name) as Alarm);
  }

  /** One for each source, and the refused ones of all: the sections of the runbook are the same for all of them. */
  watchSources({ refused, queues }: Source): void {
    this.alarm('refused', above(refused.metricApproximateNumberOfMessagesVisible({ period: MINUTE }), 0));
    for (const [name, queue] of Object.entries(queues)) {
      const age = queue.metricApproximateAgeOfOldestMessage({ period: MINUTE });
      this.alarm(`sources-age-${name}`, above(age, Duration.minutes(10).toSeconds(), 5), 'sources-age');
    }
  }

  private watchQueues({ queues }: AlarmsProps): void {
    const { deliveries, slow, jobs, poison } = queues;
    this.alarm('poison', above(poison.metricApproximateNumberOfMessagesVisible({ period: MINUTE }), 0));
    // "Quiet" are the tenants that do not fill the queue ("Amazon SQS fair queues"): one tenant's flood raises no alarm.
    // Messages of both queues are grouped by tenant.
    const quietTenantsAge = (queue: Queue) =>
      queue.metric('ApproximateAgeOfOldestMessageInQuietGroups', { statistic: Stats.MAXIMUM, period: MINUTE });
    const age = (queue: Queue) => queue.metricApproximateAgeOfOldestMessage({ period: MINUTE });
    this.alarm('deliveries-age', above(quietTenantsAge(deliveries), Duration.minutes(10).toSeconds(), 5));
    this.alarm('slow-age', above(quietTenantsAge(slow), Duration.hours(1).toSeconds(), 5));
    this.alarm('jobs-age', above(age(jobs), Duration.hours(1).toSeconds(), 5));
  }

  private watchFunctions({ stages }: AlarmsProps): void {
    for (const name of BACKGROUND) {
      const errors = stages[name].lambda.metricErrors({ period: FIVE_MINUTES });
      this.alarm(`${name}-errors`, above(errors, 0, 2));
    }
    for (const name of ON_EVENT_PATH) {
      const throttles = stages[name].lambda.metricThrottles({ period: FIVE_MINUTES });
      this.alarm(`${name}-throttles`, above(throttles, 0, 3));
    }
    this.alarm('sweep-not-running', {
      metric: stages.sweep.lambda.metricInvocations({ period: FIVE_MINUTES }),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      periods: 2,
      missing: TreatMissingData.BREACHING,
    });
  }

  private watchApi({ httpApi, stages }: AlarmsProps): void {
    const faults = httpApi.metric('5xx', { statistic: Stats.SUM, period: FIVE_MINUTES });
    this.alarm('api-faults', above(faults, 5));
    // Of the function and not of the gateway, whose latency is that of all routes: a poll waits for as long as it is asked.
    const duration = stages.ingest.lambda.metricDuration({ statistic: Stats.percentile(90), period: FIVE_MINUTES });
    this.alarm('ingest-latency', above(duration, SLOW_POST.toMilliseconds(), 3));
  }

  private watchLogs({ stages }: AlarmsProps): void {
    const { dispatch, jobs, sweep } = stages;
    // A message that fails is tried again after 15 minutes at most, so a fault that lasts shows twice in half an hour.
    const faults: LineSays[] = [...named(FAULT_LINES), { field: 'fault', value: 'throttled' }];
    this.alarmOnLines('faults', Object.values(stages), faults, { periods: 6, datapoints: 2 });
    this.alarmOnLines('losses', [dispatch, jobs, sweep], named(LOSS_LINES));
    this.alarmOnLines('sweep-behind', [sweep], named(BEHIND_LINES));
  }

  private alarmOnLines(
    name: string,
    stages: readonly StageFunction[],
    says: readonly LineSays[],
    shape: Partial<AlarmShape> = {},
  ): void {
    const count = { name, metricName: `${this.prefix}-${name}`, period: FIVE_MINUTES };
    this.alarm(name, { ...above(countLines(this, count, stages, says), 0), ...shape });
  }

  /** At four fifths of what SQS allows. */
  private watchInFlight({ deliveries, retries }: AlarmsProps['queues']): void {
    for (const [name, queue] of Object.entries({ deliveries, retries })) {
      const inFlight = queue.metricApproximateNumberOfMessagesNotVisible({ period: FIVE_MINUTES });
      this.alarm(`${name}-in-flight`, above(inFlight, MOST_IN_FLIGHT * 0.8));
    }
  }

  /** What customers refuse until the end is theirs to look at: only deliveries count that nobody answered. */
  private watchExhausted(): void {
    const shape = { statistic: Stats.SUM, period: Duration.hours(1) };
    this.alarm('exhausted', above(ownMetric(this.prefix, 'ExhaustedUnanswered', shape), 100));
  }

  /**
   * Hardly a request gets any answer: not one failing customer among others, but our way out. What a customer answers
   * counts as an answer, whatever it is. Half an hour of an hour, because breakers end most attempts within minutes: later
   * quarters have only probes, and what is posted for endpoints that were quiet.
   */
  private watchAnswers(): void {
    const answered = ownMetric(this.prefix, 'RequestAnswered', {
      statistic: Stats.AVERAGE,
      period: Duration.minutes(15),
    });
    this.alarm('no-answers', {
      metric: answered,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 0.1,
      periods: 4,
      datapoints: 2,
    });
  }

  /** Lambda must not stop the stages that send to themselves. */
  private watchLoops({ stages }: AlarmsProps): void {
    for (const name of LOOPING) {
      const { lambda } = stages[name];
      const dropped = lambda.metric('RecursiveInvocationsDropped', { statistic: Stats.SUM, period: FIVE_MINUTES });
      this.alarm(`${name}-recursion-dropped`, above(dropped, 0));
    }
  }

  /** @param section of docs/runbook.md, where it is not the alarm's own name */
  private alarm(name: string, shape: AlarmShape, section = name): void {
    const alarm = new Alarm(this, name, {
      alarmName: `${this.prefix}-${name}`,
      alarmDescription: `docs/runbook.md, section "${section}"`,
      metric: shape.metric,
      comparisonOperator: shape.comparison,
      threshold: shape.threshold,
      evaluationPeriods: shape.periods,
      ...(shape.datapoints !== undefined && { datapointsToAlarm: shape.datapoints }),
      treatMissingData: shape.missing ?? TreatMissingData.NOT_BREACHING,
    });
    this.all.push(alarm);
  }
}
