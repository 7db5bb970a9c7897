import type { Route } from '../route.ts';

/** The headers that follow from what is answered: where to find what was made, and its version. */
export function headersOfAnswer({ location, etag }: Route, value: unknown): Record<string, string> {
  const { id, generation } = { ...(value as { id?: string; generation?: number } | undefined) };
  return {
    ...(location && { location: location.replace('{id}', () => encodeURIComponent(String(id))) }),
    ...(etag && { etag: `"${generation}"` }),
  };
}
