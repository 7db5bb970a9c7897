import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pageHeaders } from '../../api/http/page-headers.ts';
import { PAGE, START, STYLE } from './page-text.ts';

/** Nobody may frame the page. Its viewer makes HTML of strings, so it can't have Trusted Types. */
const HEADERS = {
  'cache-control': 'no-store',
  ...pageHeaders({ frameAncestors: [], trustedTypes: false }),
};

const require = createRequire(import.meta.url);

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

interface DocsFile {
  type: string;
  content(): Promise<string | Uint8Array<ArrayBuffer>>;
}

/**
 * The reference of the API for people, in which a call can be tried with a key that they type in, and what that page
 * loads: by path.
 */
export const DOCS_FILES: ReadonlyMap<string, DocsFile> = new Map([
  ['/docs', { type: HTML, content: async () => PAGE }],
  ['/docs/start.js', { type: SCRIPT, content: async () => START }],
  ['/docs/page.css', { type: CSS, content: async () => STYLE }],
  [
    '/docs/swagger-ui-bundle.js',
    { type: SCRIPT, content: readOnce(require.resolve('swagger-ui-dist/swagger-ui-bundle.js')) },
  ],
  ['/docs/swagger-ui.css', { type: CSS, content: readOnce(require.resolve('swagger-ui-dist/swagger-ui.css')) }],
]);

export async function docsResponse({ type, content }: DocsFile): Promise<Response> {
  return new Response(await content(), { headers: { ...HEADERS, 'content-type': type } });
}

/** A file as it is installed, when it is first asked for. */
function readOnce(path: string): DocsFile['content'] {
  let bytes: Promise<Uint8Array<ArrayBuffer>> | undefined;
  return () => (bytes ??= readFile(path));
}
