import type { OpsEndpoint } from '@postrider/sdk';
import { usePages } from '../../data/pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { Choice } from '../../parts/field.tsx';
import { Link } from '../../parts/link.tsx';
import { List } from '../../parts/list.tsx';
import { Page } from '../../parts/page.tsx';
import { EndpointPill } from '../../parts/pill.tsx';
import { Ago } from '../../parts/time.tsx';
import { hrefTo, query, segment, setQuery } from '../../router/place.ts';
import { api } from '../../session/session.ts';
import { nameOf, reasonOf } from '../../texts/endpoint-words.ts';
import { t } from '../../texts/index.ts';

const words = t.operator.troubled;
const PAGE = 50;
const LIVE_MS = 15_000;
type State = keyof typeof words.states;

/** Endpoints of all tenants that fail, are paused, or hold deliveries. */
export function Screen() {
  const given = query.value.get('state') ?? '';
  const state: State = given in words.states ? (given as State) : 'failing';
  const pages = usePages(
    (cursor, signal) =>
      api()
        .ops.endpoints({ state, limit: PAGE, ...(cursor && { cursor }) }, { signal })
        .page(),
    state,
    { every: LIVE_MS },
  );
  return (
    <Page title={words.title}>
      <Choice
        label={words.state}
        value={state}
        onValue={(value) => setQuery({ state: value })}
        choices={Object.entries(words.states) as [State, string][]}
      />
      <List
        of={pages}
        label={words.title}
        keyOf={({ endpoint }) => endpoint.id}
        empty={<Empty title={words.empty.title} lead={words.empty.lead} />}
      >
        {(troubled) => <Row troubled={troubled} />}
      </List>
    </Page>
  );
}

function Row({ troubled: { tenant_id, endpoint, failing_since, held } }: { troubled: OpsEndpoint }) {
  const { id, url, status, last_status_code, consecutive_failures } = endpoint;
  const answer = last_status_code === null ? words.noAnswer : words.answered(last_status_code);
  return (
    <div class="trouble-row">
      <div>
        <div class="row-flex">
          <Link href={hrefTo(`/endpoints/${segment(id)}`, { tenant: tenant_id })} class="strong" isRow>
            {nameOf(endpoint)}
          </Link>
          <EndpointPill status={status} />
          <span class="faint">{tenant_id}</span>
        </div>
        <div class="soft mono cut">{url}</div>
      </div>
      <div>
        <div>{reasonOf(endpoint) ?? answer}</div>
        <div class="faint num">
          {consecutive_failures > 0 && words.inARow(consecutive_failures)}
          {failing_since !== null && (
            <>
              , {words.since} <Ago at={failing_since} />
            </>
          )}
        </div>
      </div>
      <div class="num end">{held !== null && <span class="held">{words.held(held.count, held.capped)}</span>}</div>
    </div>
  );
}
