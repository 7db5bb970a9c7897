import type { Meter } from '@opentelemetry/api';
import { METRICS, type MetricName, type MetricUnit, samplesOf } from '../../adapters/log/line-metrics.ts';
import type { LogFields } from '../../ports/log.ts';

/** As UCUM has them ("Instrument units"). */
const UNITS: Readonly<Record<MetricUnit, string>> = { Count: '1', Milliseconds: 'ms', Seconds: 's', None: '1' };

/** Takes the samples of each line: the metrics that CloudWatch shows, by the same names. */
export function countLines(meter: Meter): (event: string, fields: LogFields) => void {
  const recorders = new Map(Object.keys(METRICS).map((name) => [name, recorderOf(meter, name as MetricName)]));
  return (event, fields) => {
    for (const [name, value] of samplesOf(event, fields)) recorders.get(name)?.(value);
  };
}

function recorderOf(meter: Meter, name: MetricName): (value: number) => void {
  const unit = UNITS[METRICS[name]];
  if (METRICS[name] === 'Count') {
    const counter = meter.createCounter(name, { unit });
    return (value) => counter.add(value);
  }
  const histogram = meter.createHistogram(name, { unit });
  return (value) => histogram.record(value);
}
