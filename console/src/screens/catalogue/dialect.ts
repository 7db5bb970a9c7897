import type { Dialect } from '@postrider/sdk';
import { usualDialect } from '../../data/dialects.ts';
import { useLoad } from '../../data/load.ts';
import { query, setQuery } from '../../router/place.ts';
import { api } from '../../session/session.ts';

export interface ChosenDialect {
  /** Its name. */
  chosen: string;
  names: readonly string[];
  choose: (name: string) => void;
}

/** In which form requests are shown: as the tenant's endpoints get them, unless the reader chose another. */
export function useDialect(): ChosenDialect {
  const read = useLoad(async (signal) => {
    const [dialects, usual] = await Promise.all([api().dialects.list({ signal }), usualDialect(signal)]);
    return { names: dialects.map(({ name }: Dialect) => name), usual };
  }, 'dialects');
  const chosen = query.value.get('dialect') ?? read.value?.usual ?? 'standard';
  return { chosen, names: read.value?.names ?? [chosen], choose: (dialect) => setQuery({ dialect }) };
}
