import { useEffect, useRef } from 'preact/hooks';
import { query, setQuery } from '../router/place.ts';

const WAIT_MS = 250;

interface SearchProps {
  /** Of the filter in the URL. */
  name: string;
  label: string;
  /** The id of a `datalist` with what can be chosen. */
  list?: string;
}

/** The search of a list, in the URL; `/` puts the cursor here. */
export function Search({ name, label, list }: SearchProps) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const input = useRef<HTMLInputElement>(null);
  const shown = query.value.get(name) ?? '';
  const typed = useRef(shown);
  // Filters are also cleared by a button, and changed by a link: what is typed here is not touched otherwise.
  useEffect(() => {
    if (shown !== typed.current && input.current) input.current.value = shown;
    typed.current = shown;
  }, [shown]);
  const onInput = (value: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      typed.current = value;
      setQuery({ [name]: value || undefined });
    }, WAIT_MS);
  };
  return (
    <input
      ref={input}
      class="search"
      type="search"
      data-search
      {...(list !== undefined && { list })}
      aria-label={label}
      placeholder={label}
      defaultValue={typed.current}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
}
