import type { OpsOverview } from '@postrider/sdk';
import { useLoad } from '../../data/load.ts';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { BrakeNotice, StopButton } from './brake.tsx';
import { Flow } from './flow.tsx';
import { Trouble } from './trouble.tsx';

const words = t.operator.overview;
const LIVE_MS = 5000;

/** The first screen at night: does it flow, what is late, who is in trouble. */
export function Screen() {
  const overview = useLoad((signal) => api().ops.overview({ signal }), 'overview', { every: LIVE_MS });
  const isBraked = (overview.value?.braked_at ?? null) !== null;
  return (
    <Page title={words.title} actions={overview.value && !isBraked && <StopButton />}>
      <Shown of={overview}>
        {(one) => (
          <div class="stack">
            <BrakeNotice since={one.braked_at} />
            <Flow overview={one} />
            <Trouble counts={one.troubled} />
            <Backlog overview={one} />
          </div>
        )}
      </Shown>
    </Page>
  );
}

function SweptUntil({ at }: { at: string | null }) {
  if (at === null) return <p class="faint">{words.sweepNever}</p>;
  return (
    <p class="faint">
      {words.sweep} <Ago at={at} />.
    </p>
  );
}

function Backlog({ overview: { queues, swept_until } }: { overview: OpsOverview }) {
  return (
    <>
      <section class="card scroll-x" tabIndex={0} aria-label={words.backlog}>
        <table>
          <thead>
            <tr>
              <th>{words.queue}</th>
              <th class="right">{words.ready}</th>
              <th class="right">{words.inFlight}</th>
              <th class="right">{words.delayed}</th>
            </tr>
          </thead>
          <tbody class="num">
            {Object.entries(queues).map(([name, { visible, in_flight, delayed }]) => (
              <tr key={name}>
                <td>{words.queues[name] ?? name}</td>
                <td class="right">{visible}</td>
                <td class="right">{in_flight}</td>
                <td class="right">{delayed}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <SweptUntil at={swept_until} />
    </>
  );
}
