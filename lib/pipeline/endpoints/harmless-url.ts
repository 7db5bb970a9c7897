import { dialectOwning } from '../../dialects/index.ts';
import { loggedUrl } from '../../domain/logged-url.ts';

/** Without what lets anyone post there: the path of a platform's own URL, and the query of any other. */
export function harmlessUrl(url: string): string {
  return dialectOwning(url) ? new URL('/', url).href : loggedUrl(url);
}
