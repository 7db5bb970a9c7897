import type { EventType } from '@postrider/sdk';
import type { JSX } from 'preact';
import { useLoad } from '../../data/load.ts';
import { curl } from '../../data/curl.ts';
import { Empty } from '../../parts/empty.tsx';
import { Link } from '../../parts/link.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Search } from '../../parts/search.tsx';
import { hrefTo, query, segment, setQuery } from '../../router/place.ts';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const MOST = 500;
const PAGE = 100;
const words = t.catalogue;

export function Screen() {
  const types = useLoad(readTypes, 'types');
  const text = (query.value.get('q') ?? '').toLowerCase();
  const isFound = ({ type, category, description }: EventType) =>
    [type, category ?? '', description].some((one) => one.toLowerCase().includes(text));
  return (
    <Page title={words.title}>
      <div class="filters" role="search">
        <Search name="q" label={words.search} />
      </div>
      <Shown of={types}>
        {(all) => <Categories types={all.filter(isFound)} empty={all.length === 0 ? <None /> : <NoMatch />} />}
      </Shown>
    </Page>
  );
}

/** A catalogue is read whole, to be searched here. */
async function readTypes(signal: AbortSignal): Promise<EventType[]> {
  const types: EventType[] = [];
  for await (const type of api().eventTypes.list({ limit: PAGE }, { signal })) {
    if (types.push(type) >= MOST) break;
  }
  return types;
}

function Categories({ types, empty }: { types: readonly EventType[]; empty: JSX.Element }) {
  if (types.length === 0) return <div class="card">{empty}</div>;
  const byCategory = Map.groupBy(types, ({ category }) => category ?? words.other);
  return (
    <div class="stack">
      {[...byCategory].map(([category, ofIt]) => (
        <section key={category} class="card">
          <div class="card-head">
            <h2>{category}</h2>
            <span class="faint num">{ofIt.length}</span>
          </div>
          <ul class="rows" aria-label={category}>
            {ofIt.map((type) => (
              <li key={type.type}>
                <Row type={type} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Row({ type: { type, description, deprecated } }: { type: EventType }) {
  return (
    <div class="type-row">
      <Link href={hrefTo(`/event-types/${segment(type)}`)} class="strong mono" isRow>
        {type}
      </Link>
      <span class="soft">
        {description || words.noDescription} {deprecated && <span class="pill">{words.deprecated}</span>}
      </span>
    </div>
  );
}

function NoMatch() {
  return (
    <Empty title={words.noMatch.title} lead={words.noMatch.lead}>
      <button onClick={() => setQuery({ q: undefined })}>{t.actions.clearFilters}</button>
    </Empty>
  );
}

function None() {
  const type = { type: 'order.paid', description: 'An order was paid', example: { id: 'order-1' } };
  return <Empty title={words.empty.title} lead={words.empty.lead} curl={curl('POST', '/v1/event-types', type)} />;
}
