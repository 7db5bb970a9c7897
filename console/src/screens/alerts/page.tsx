import type { Endpoint, Event } from '@postrider/sdk';
import { curl } from '../../data/curl.ts';
import { usePages } from '../../data/pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { Link } from '../../parts/link.tsx';
import { List } from '../../parts/list.tsx';
import { Page } from '../../parts/page.tsx';
import { EndpointPill } from '../../parts/pill.tsx';
import { Ago } from '../../parts/time.tsx';
import { hrefTo, segment } from '../../router/place.ts';
import { api, may, shows } from '../../session/session.ts';
import { nameOf } from '../../texts/endpoint-words.ts';
import { t } from '../../texts/index.ts';
import { factsOf } from './facts.ts';
import { Mail } from './mail.tsx';
import { useTold } from './told.ts';

const PAGE = 50;
const LIVE_MS = 10_000;
const ALL = 'postrider.*';
const words = t.alerts;

/** Who is told what happens to endpoints, and what was told. */
export function Screen() {
  const told = useTold();
  const alerts = usePages(
    (cursor, signal) =>
      api()
        .events.list({ type: ALL, limit: PAGE, ...(cursor && { cursor }) }, { signal })
        .page(),
    'alerts',
    { every: LIVE_MS },
  );
  return (
    <Page title={words.title} actions={told.rows?.length !== 0 && <NewEndpoint />}>
      <div class="stack">
        <p class="soft readable">{words.lead}</p>
        <h2>{words.told}</h2>
        <List of={told} label={words.told} keyOf={({ id }) => id} empty={<Nobody />}>
          {(endpoint) => <Told endpoint={endpoint} />}
        </List>
        <Mail />
        <h2>{words.alerts}</h2>
        <List of={alerts} label={words.alerts} keyOf={({ id }) => id} empty={<None />}>
          {(event) => <Alert event={event} />}
        </List>
      </div>
    </Page>
  );
}

function NewEndpoint() {
  if (!may('endpoints:write') || !shows('endpoints')) return null;
  return (
    <Link href={hrefTo('/endpoints/new', { query: { events: ALL } })} class="button primary">
      {words.create}
    </Link>
  );
}

function Told({ endpoint }: { endpoint: Endpoint }) {
  return (
    <div class="alert-row">
      <div class="cut">
        <Link href={hrefTo(`/endpoints/${segment(endpoint.id)}`)} class="strong" isRow>
          {nameOf(endpoint)}
        </Link>
      </div>
      <div class="soft mono cut">{endpoint.events.join(', ')}</div>
      <div class="end">
        <EndpointPill status={endpoint.status} />
      </div>
    </div>
  );
}

function Alert({ event: { id, type, data, created_at: at } }: { event: Event }) {
  const { name, endpointId, what } = factsOf(type, data);
  return (
    <div class="alert-row">
      <div class="cut">
        <Link href={hrefTo(`/events/${segment(id)}`)} class="strong" isRow>
          {what}
        </Link>
      </div>
      <div class="soft cut">
        {endpointId === undefined ? name : <Link href={hrefTo(`/endpoints/${segment(endpointId)}`)}>{name}</Link>}
      </div>
      <div class="faint end">
        <Ago at={at} />
      </div>
    </div>
  );
}

function Nobody() {
  const body = { url: 'https://example.com/alerts', events: [ALL] };
  return (
    <Empty title={words.nobody.title} lead={words.nobody.lead} curl={curl('POST', '/v1/endpoints', body)}>
      <NewEndpoint />
    </Empty>
  );
}

function None() {
  return <Empty title={words.none.title} lead={words.none.lead} />;
}
