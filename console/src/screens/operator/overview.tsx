import type { OpsOverview } from '@postrider/sdk';
import { useLoad } from '../../data/load.ts';
import { Link } from '../../parts/link.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import { hrefTo } from '../../router/place.ts';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { BrakeNotice, StopButton } from './brake.tsx';
import { Flow } from './flow.tsx';

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
            <div class="two">
              <Trouble overview={one} />
              <Backlog overview={one} />
            </div>
          </div>
        )}
      </Shown>
    </Page>
  );
}

function Trouble({ overview: { troubled, swept_until } }: { overview: OpsOverview }) {
  const { failing, paused } = troubled;
  return (
    <section class="card padded stack">
      <h2>{words.troubled}</h2>
      {failing.count + paused.count === 0 ? (
        <p class="soft">{words.allWell}</p>
      ) : (
        <p class="row-flex num">
          <Link href={hrefTo('/troubled', { query: { state: 'failing' } })}>
            {words.failing(failing.count, failing.capped)}
          </Link>
          <Link href={hrefTo('/troubled', { query: { state: 'paused' } })}>
            {words.paused(paused.count, paused.capped)}
          </Link>
        </p>
      )}
      <p class="faint">
        {swept_until === null ? (
          words.sweepNever
        ) : (
          <>
            {words.sweep} <Ago at={swept_until} />.
          </>
        )}
      </p>
    </section>
  );
}

function Backlog({ overview: { queues } }: { overview: OpsOverview }) {
  return (
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
  );
}
