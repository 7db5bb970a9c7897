/** The value below which a share of the samples lie (nearest rank); NaN for none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function describeTimes(samples: readonly number[]): string {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(samples, share).toFixed(1).padStart(7));
  return `p50 ${p50} ms   p95 ${p95} ms   p99 ${p99} ms   (${samples.length} events)`;
}
