import type { CSSProperties } from 'preact';

export interface SparkStep {
  good: number;
  bad: number;
}

/** A small chart of outcomes over time, oldest first. Its label says the sums: the bars alone say nothing to some. */
export function Sparkline({ steps, label }: { steps: readonly SparkStep[]; label: string }) {
  const highest = Math.max(1, ...steps.map(({ good, bad }) => good + bad));
  const bar = (count: number): CSSProperties => ({ height: `${(count / highest) * 100}%` });
  return (
    <div class="spark" role="img" aria-label={label} title={label}>
      {steps.map(({ good, bad }, at) => (
        <i key={at} data-some={good + bad > 0 ? '' : undefined}>
          {bad > 0 && <b class="failed" style={bar(bad)} />}
          {good > 0 && <b style={bar(good)} />}
        </i>
      ))}
    </div>
  );
}
