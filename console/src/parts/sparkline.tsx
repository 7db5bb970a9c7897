import type { Tone } from './pill.tsx';

/** Outcomes in their order, oldest first, as small bars. Its label says the sums: the bars alone say nothing to some. */
export function Sparkline({ outcomes, length, label }: { outcomes: readonly Tone[]; length: number; label: string }) {
  const missing = Math.max(0, length - outcomes.length);
  return (
    <div class="spark" role="img" aria-label={label} title={label}>
      {Array.from({ length: missing }, (_, at) => (
        <i key={`none-${at}`} />
      ))}
      {outcomes.map((tone, at) => (
        <i key={at} class={tone} />
      ))}
    </div>
  );
}
