import { session } from '../session/session.ts';

/**
 * The same call by curl. Keys are never in the page: the reader's shell has one in `$POSTRIDER_API_KEY`.
 * @param path such as `/v1/endpoints`
 */
export function curl(method: 'GET' | 'POST', path: string, body?: unknown): string {
  const lines = [
    `curl ${method === 'POST' && body === undefined ? '-X POST ' : ''}"${session().baseUrl}${path}"`,
    `  -H "Authorization: Bearer $POSTRIDER_API_KEY"`,
  ];
  if (body !== undefined) lines.push(`  -H 'Content-Type: application/json'`, `  -d '${quoted(body)}'`);
  return lines.join(' \\\n');
}

/** In single quotes of a shell. */
function quoted(body: unknown): string {
  return JSON.stringify(body).replaceAll("'", String.raw`'\''`);
}
