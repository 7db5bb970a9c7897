import { useFormats } from '../../data/dialects.ts';
import { query, setQuery } from '../../router/place.ts';

export interface ChosenDialect {
  /** Its name. */
  chosen: string;
  names: readonly string[];
  choose: (name: string) => void;
}

/** In which form requests are shown: as the tenant's endpoints get them, unless the reader chose another. */
export function useDialect(): ChosenDialect {
  const { value: formats } = useFormats();
  const chosen = query.value.get('dialect') ?? formats?.usual ?? 'standard';
  const names = formats?.dialects.map(({ name }) => name) ?? [chosen];
  return { chosen, names, choose: (dialect) => setQuery({ dialect }) };
}
