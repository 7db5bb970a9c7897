import { readFile, readdir } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pageHeaders } from '../../api/http/page-headers.ts';
import type { ConsoleConfig } from '../../domain/console-settings.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/** The build names these by their content: another content has another name. */
const ASSETS = '/assets/';
const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_EACH_TIME = 'no-cache';

const compress = promisify(gzip);

/** This service has a page with the reference of its API. */
const CONFIG: ConsoleConfig = { api: './', docs: 'docs' };

export interface ConsoleSiteOptions {
  /** The folder of the built console, once it is built; undefined: there is none. */
  folder: Promise<string | undefined>;
  /** Who may show the console in a frame: `'self'` and origins. */
  frameAncestors: readonly string[];
}

interface SiteFile {
  headers: Readonly<Record<string, string>>;
  plain: Uint8Array<ArrayBuffer>;
  gzipped: Uint8Array<ArrayBuffer>;
}

/** The files of the console as answers to requests. */
export interface ConsoleSite {
  /** @returns undefined where no file is */
  answer(path: string, acceptEncoding?: string): Promise<Response | undefined>;
}

/**
 * Serves the built console and its `config.json`. The files are read at the first request and then shared by all, because
 * some clients are slow to read them.
 */
export function createConsoleSite({ folder, frameAncestors }: ConsoleSiteOptions): ConsoleSite {
  const security = pageHeaders({ frameAncestors, trustedTypes: true });
  const read = async (): Promise<ReadonlyMap<string, SiteFile>> => {
    const built = await folder;
    if (built === undefined) return new Map();
    const names = await readdir(built, { recursive: true, withFileTypes: true });
    const paths = names.filter((name) => name.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    const files = await Promise.all(paths.map(async (path) => [urlPath(built, path), await readFile(path)] as const));
    const all = [...files, ['/config.json', Buffer.from(JSON.stringify(CONFIG))] as const];
    return new Map(await Promise.all(all.map(([path, bytes]) => siteFile(path, bytes, security))));
  };
  let files: Promise<ReadonlyMap<string, SiteFile>> | undefined;
  return {
    answer: async (path, acceptEncoding = '') => {
      const file = (await (files ??= read())).get(path === '/' ? '/index.html' : path);
      return file && fileResponse(file, acceptEncoding);
    },
  };
}

function urlPath(folder: string, path: string): string {
  return path.slice(folder.length).replaceAll(sep, '/');
}

async function siteFile(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  security: Readonly<Record<string, string>>,
): Promise<[string, SiteFile]> {
  const headers = {
    ...security,
    'cache-control': path.startsWith(ASSETS) ? FOR_EVER : ASK_EACH_TIME,
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    vary: 'accept-encoding',
  };
  return [path, { headers, plain: new Uint8Array(bytes), gzipped: new Uint8Array(await compress(bytes)) }];
}

function fileResponse({ headers, plain, gzipped }: SiteFile, acceptEncoding: string): Response {
  if (!/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(acceptEncoding)) return new Response(plain, { headers });
  return new Response(gzipped, { headers: { ...headers, 'content-encoding': 'gzip' } });
}
