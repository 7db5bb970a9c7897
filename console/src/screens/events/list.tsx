import type { Event } from '@postrider/sdk';
import { curl } from '../../data/curl.ts';
import { usePages } from '../../data/pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { Link } from '../../parts/link.tsx';
import { List } from '../../parts/list.tsx';
import { Page } from '../../parts/page.tsx';
import { Search } from '../../parts/search.tsx';
import { Ago } from '../../parts/time.tsx';
import { hrefTo, query, segment, setQuery } from '../../router/place.ts';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const PAGE = 50;
const LIVE_MS = 5000;
const SHOWN_CHARACTERS = 200;

export function Screen() {
  const type = query.value.get('type') ?? '';
  const externalId = query.value.get('external_id') ?? '';
  const filters = { ...(type && { type }), ...(externalId && { external_id: externalId }) };
  const pages = usePages(
    (cursor, signal) =>
      api()
        .events.list({ ...filters, limit: PAGE, ...(cursor && { cursor }) }, { signal })
        .page(),
    JSON.stringify(filters),
    { every: LIVE_MS },
  );
  const isFiltered = type !== '' || externalId !== '';
  return (
    <Page
      title={t.events.title}
      beside={<span class={`live ${pages.isLive ? '' : 'paused'}`}>{pages.isLive ? t.live : t.notLive}</span>}
    >
      <div class="filters" role="search">
        <Search name="type" label={t.events.search} />
        <Search name="external_id" label={t.events.externalId} />
      </div>
      <List of={pages} label={t.events.title} keyOf={({ id }) => id} empty={isFiltered ? <NoMatch /> : <None />}>
        {(event) => <Row event={event} />}
      </List>
    </Page>
  );
}

function Row({ event }: { event: Event }) {
  const { id, type, external_id, test, project, data, payload_deleted_at, created_at } = event;
  const about = [external_id, project?.name ?? project?.id, test && t.events.test].filter(Boolean).join(' · ');
  return (
    <div class="event-row">
      <div class="cut">
        <Link href={hrefTo(`/events/${segment(id)}`)} class="strong" isRow>
          {type}
        </Link>{' '}
        <span class="faint">{about}</span>
      </div>
      <div class="soft mono cut">
        {payload_deleted_at === null ? JSON.stringify(data).slice(0, SHOWN_CHARACTERS) : t.events.gone}
      </div>
      <div class="faint end">
        <Ago at={created_at} />
      </div>
    </div>
  );
}

function NoMatch() {
  return (
    <Empty title={t.events.noMatch.title} lead={t.events.noMatch.lead}>
      <button onClick={() => setQuery({ type: undefined, external_id: undefined })}>{t.actions.clearFilters}</button>
    </Empty>
  );
}

function None() {
  const event = { type: 'order.paid', data: { id: 'order-1' } };
  return <Empty title={t.events.empty.title} lead={t.events.empty.lead} curl={curl('POST', '/v1/events', event)} />;
}
