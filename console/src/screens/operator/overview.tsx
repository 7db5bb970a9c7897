import type { OpsOverview } from '@postrider/sdk';
import { useLoad } from '../../data/load.ts';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { BrakeNotice, StopButton } from './brake.tsx';
import { Flow } from './flow.tsx';
import { sweepState } from './sweep-state.ts';
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

function Swept({ overview: { at, swept_until } }: { overview: OpsOverview }) {
  const state = sweepState(at, swept_until);
  if (state !== 'behind') return <p class="faint">{words.sweep[state]}</p>;
  return (
    <p class="bad">
      {words.sweep.behind} <Ago at={swept_until} />.
    </p>
  );
}

function Backlog({ overview }: { overview: OpsOverview }) {
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
            {Object.entries(overview.queues).map(([name, { visible, in_flight, delayed }]) => (
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
      <Swept overview={overview} />
    </>
  );
}
