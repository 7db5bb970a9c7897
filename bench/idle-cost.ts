import { idlePollingUsd } from './cost-lines.ts';
import { ASSUMPTIONS, PRICES } from './prices.ts';

/** What of a stack is paid for while nothing happens. */
export interface IdleStack {
  eventSources: number;
  keys: number;
  /** Metrics that alarms look at: one each, or those of its expression. */
  alarmMetrics: number;
  /** MiB of sweep. */
  sweepMemory: number;
  dueShards: number;
}

/** Of a run of sweep with nothing to do, by estimate. */
const SWEEP_SECONDS = 0.2;
/** Minutes of the due index that it reads: the last 20, 15 of the look-back, and those that overlap. */
const SWEEP_MINUTES = 37;
/** An empty page, eventually consistent; the watermark and the stored schema are read consistently. */
const UNITS_AN_EMPTY_PAGE = 0.5;
const UNITS_BESIDE = 6;

export type IdleCost = Readonly<Record<string, number>>;

/** Dollars a month, by what they are for. */
export function idleCost({ eventSources, keys, alarmMetrics, sweepMemory, dueShards }: IdleStack): IdleCost {
  const runs = ASSUMPTIONS.minutesAMonth;
  const reads = SWEEP_MINUTES * dueShards * UNITS_AN_EMPTY_PAGE + UNITS_BESIDE;
  return {
    'SQS, empty polls': idlePollingUsd(eventSources),
    'KMS key': keys * PRICES.keyMonth.usd,
    'CloudWatch alarms': alarmMetrics * PRICES.alarmMetricMonth.usd,
    'DynamoDB, sweep’s reads': runs * reads * PRICES.readUnit.usd,
    'DynamoDB, sweep’s writes': runs * PRICES.writeUnit.usd,
    'Lambda, sweep':
      runs * (SWEEP_SECONDS * (sweepMemory / 1024) * PRICES.lambdaGbSecond.usd + PRICES.lambdaRequest.usd),
  };
}
