import { usePages } from '../../data/pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { Choice } from '../../parts/field.tsx';
import { List } from '../../parts/list.tsx';
import { Page } from '../../parts/page.tsx';
import { query, setQuery } from '../../router/place.ts';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { TroubleRow } from './trouble-row.tsx';

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
        {(troubled) => <TroubleRow troubled={troubled} />}
      </List>
    </Page>
  );
}
