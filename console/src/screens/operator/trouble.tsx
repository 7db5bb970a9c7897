import type { OpsEndpoint, OpsOverview } from '@postrider/sdk';
import { useLoad } from '../../data/load.ts';
import { Link } from '../../parts/link.tsx';
import { hrefTo } from '../../router/place.ts';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { TroubleRow } from './trouble-row.tsx';

const words = t.operator.overview;
const LIVE_MS = 15_000;
/** Of each kind; the rest is a click away. */
const MOST = 4;

/** Who is in trouble, and why: the first of them. */
export function Trouble({ counts: { failing, paused } }: { counts: OpsOverview['troubled'] }) {
  const isWell = failing.count + paused.count === 0;
  const first = useLoad((signal) => (isWell ? Promise.resolve([]) : readFirst(signal)), `${isWell}`, {
    every: LIVE_MS,
  });
  return (
    <section class="card" aria-label={words.troubled}>
      <div class="card-head">
        <h2>{words.troubled}</h2>
        {isWell ? (
          <span class="soft">{words.allWell}</span>
        ) : (
          <span class="row-flex num">
            <Link href={hrefTo('/troubled', { query: { state: 'failing' } })}>
              {words.failing(failing.count, failing.capped)}
            </Link>
            <Link href={hrefTo('/troubled', { query: { state: 'paused' } })}>
              {words.paused(paused.count, paused.capped)}
            </Link>
          </span>
        )}
      </div>
      {(first.value ?? []).length > 0 && (
        <ul class="rows">
          {first.value?.map((one) => (
            <li key={one.endpoint.id}>
              <TroubleRow troubled={one} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** One that the breaker has paused is failing and paused. */
async function readFirst(signal: AbortSignal): Promise<OpsEndpoint[]> {
  const read = (state: 'failing' | 'paused') => api().ops.endpoints({ state, limit: MOST }, { signal }).page();
  const pages = await Promise.all([read('failing'), read('paused')]);
  const all = pages.flatMap(({ data }) => data);
  return [...new Map(all.map((one) => [one.endpoint.id, one])).values()];
}
