import type { Stats, GetStatsQuery } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { useLoad } from '../../data/load.ts';
import { Choice } from '../../parts/field.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { Plot } from '../../parts/plot.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { duration } from '../../texts/times.ts';

const words = t.endpoint.charts;
const LIVE_MS = 30_000;
const DAY_MS = 86_400_000;

type Span = keyof typeof words.spans;
const SPANS: Readonly<Record<Span, { days: number; step: NonNullable<GetStatsQuery['step']> }>> = {
  day: { days: 1, step: '3600' },
  week: { days: 7, step: '21600' },
  month: { days: 30, step: '86400' },
};

/** How deliveries of an endpoint ended, and how long its server took. */
export function Charts({ id }: { id: string }) {
  const [span, choose] = useState<Span>('day');
  const { days, step } = SPANS[span];
  const read = useLoad(
    (signal) => {
      const since = new Date(Date.now() - days * DAY_MS).toISOString();
      return api().stats.get({ endpoint_id: id, since, step }, { signal });
    },
    `${id} ${span}`,
    { every: LIVE_MS },
  );
  return (
    <section class="charts">
      <Choice
        label={words.title}
        value={span}
        onValue={choose}
        choices={Object.entries(words.spans) as [Span, string][]}
      />
      <Shown of={read}>
        {(stats) => (stats.total.attempts > 0 ? <Both stats={stats} /> : <p class="soft">{words.none}</p>)}
      </Shown>
    </section>
  );
}

function Both({ stats: { data, total, capped } }: { stats: Stats }) {
  const times = data.map(({ at }) => Date.parse(at) / 1000);
  const failed = total.exhausted + total.abandoned;
  const waiting = data.map((step) => (step.waiting ?? 0) + (step.held ?? 0));
  const outcomes = words.outcomes(
    total.delivered,
    failed,
    waiting.reduce((sum, one) => sum + one, 0),
  );
  const { p50 = 0, p95 = 0 } = total.duration_ms ?? {};
  return (
    <div class="pair">
      <div class="card padded">
        <h2>{outcomes}</h2>
        <Plot
          label={outcomes}
          kind="bars"
          times={times}
          written={String}
          series={[
            { label: words.delivered, colour: '--good', values: data.map(({ delivered }) => delivered) },
            {
              label: words.waiting,
              colour: '--held',
              values: waiting,
            },
            {
              label: words.failed,
              colour: '--bad',
              values: data.map(({ exhausted, abandoned }) => exhausted + abandoned),
            },
          ]}
        />
      </div>
      <div class="card padded">
        <h2>{words.latency(duration(p50), duration(p95))}</h2>
        <Plot
          label={words.latency(duration(p50), duration(p95))}
          kind="lines"
          times={times}
          written={duration}
          series={[
            { label: words.half, colour: '--accent', values: data.map(({ duration_ms }) => duration_ms?.p50 ?? null) },
            { label: words.most, colour: '--wait', values: data.map(({ duration_ms }) => duration_ms?.p95 ?? null) },
          ]}
        />
      </div>
      {capped && <p class="faint">{t.endpoint.capped}</p>}
    </div>
  );
}
