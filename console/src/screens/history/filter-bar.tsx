import { useId, useState } from 'preact/hooks';
import { useCatalogue } from '../../data/catalogue.ts';
import { Select } from '../../parts/field.tsx';
import { Search } from '../../parts/search.tsx';
import { setQuery } from '../../router/place.ts';
import { t } from '../../texts/index.ts';
import type { HistoryFilters } from './filters.ts';

interface FilterBarProps {
  filters: HistoryFilters;
  names: ReadonlyMap<string, string>;
  /** Where the list is that of one endpoint. */
  isOfOne?: boolean;
}

/** The filters of the history. They are in the URL. */
export function FilterBar({ filters: { status, endpoint, since }, names, isOfOne = false }: FilterBarProps) {
  const endpoints = [...names];
  // One that is not among the first hundred, or is gone.
  if (endpoint && !names.has(endpoint)) endpoints.unshift([endpoint, endpoint]);
  const times = Object.entries(t.history.times);
  if (since && !(Number(since) in t.history.times)) times.push([since, t.history.since(since)]);
  return (
    <div class="filters" role="search">
      <TypeSearch />
      <Select
        label={t.history.anyStatus}
        value={status}
        onValue={(value) => setQuery({ status: value })}
        choices={[['', t.history.anyStatus], ...Object.entries(t.statuses.delivery)]}
      />
      {!isOfOne && (
        <Select
          label={t.history.anyEndpoint}
          value={endpoint}
          onValue={(value) => setQuery({ endpoint: value })}
          choices={[['', t.history.anyEndpoint], ...endpoints]}
        />
      )}
      <Select
        label={t.history.anyTime}
        value={since}
        onValue={(value) => setQuery({ since: value })}
        choices={[['', t.history.anyTime], ...times]}
      />
    </div>
  );
}

/** Types of the catalogue are offered once somebody is about to type one; any other can be typed. */
function TypeSearch() {
  const [isAsked, ask] = useState(false);
  const id = useId();
  return (
    <div class="contents" onFocusIn={() => ask(true)}>
      <Search name="type" label={t.history.eventType} list={id} />
      {isAsked && <KnownTypes id={id} />}
    </div>
  );
}

function KnownTypes({ id }: { id: string }) {
  const { value = [] } = useCatalogue();
  return (
    <datalist id={id}>
      {value.map(({ type }) => (
        <option key={type} value={type} />
      ))}
    </datalist>
  );
}
