import { useEffect, useRef } from 'preact/hooks';
import { query, setQuery } from '../router/place.ts';

const WAIT_MS = 250;

/** The search of a list, in the URL; `/` puts the cursor here. @param name of the filter in the URL */
export function Search({ name, label }: { name: string; label: string }) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onInput = (value: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setQuery({ [name]: value || undefined }), WAIT_MS);
  };
  return (
    <input
      class="search"
      type="search"
      data-search
      aria-label={label}
      placeholder={label}
      defaultValue={query.value.get(name) ?? ''}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
}
