import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, filePaths, filesInCircles, importRules, sourceFiles } from './support/source-files.ts';

/** The core is pure: these modules do nothing but compute. */
const PURE_MODULES = ['node:crypto', 'node:net', '@cfworker/json-schema', 'otpauth', 'ulid', 'ipaddr.js', 'zod'];
const PIPELINE = 'lib/pipeline/';
const ADAPTERS = 'lib/adapters/';
const GENERATED = new Set(['cli/src/api/operations.ts', 'sdk/src/api-types.ts']);

const lib = sourceFiles('lib');
const sdk = sourceFiles('sdk/src');
const pages = sourceFiles('console/src');
const construct = sourceFiles('construct/src');
const cli = sourceFiles('cli/src');
const product = [...lib, ...sourceFiles('lambdas'), ...sourceFiles('bin'), ...construct, ...cli, ...sdk, ...pages];
const all = [...product, ...sourceFiles('bench'), ...sourceFiles('test')];

/** `lib/domain/ids.ts` is of domain, `bin/app.ts` of bin. */
const layerOf = (path: string) => path.replace(/^lib\//, '').split('/')[0] as string;
/** `lib/pipeline/dispatch/attempt.ts` is of dispatch; a file beside the rooms is a room of its own. */
const roomOf = (path: string) => path.slice(PIPELINE.length).split('/')[0] as string;

/** Each file, with its own name for where it is, and those of the files that it imports from elsewhere. */
function importsBetween(sources: typeof all, nameOf: (path: string) => string) {
  return sources.map(({ path, files }) => {
    const from = nameOf(path);
    return { path, from, to: [...new Set(files.map(nameOf))].filter((name) => name !== from) };
  });
}

/** What a name is allowed to import and none of its files imports: its row of ARCHITECTURE.md says too much. */
function unusedOf(sources: ReturnType<typeof importsBetween>, mayImport: ReturnType<typeof importRules>) {
  return [...mayImport].flatMap(([from, allowed]) => {
    const used = new Set(sources.filter((source) => source.from === from).flatMap(({ to }) => to));
    return allowed
      .filter((name) => name !== from && !used.has(name))
      .map((name) => `no file of ${from} imports ${name}: ARCHITECTURE.md must not allow it`);
  });
}

describe('a layer imports only those that the map of ARCHITECTURE.md allows it', () => {
  const mayImport = importRules('folder');
  /** Benches and tests may import everything, and need not. */
  const mayImportOfProduct = new Map([...mayImport].filter(([name]) => name !== 'bench' && name !== 'test'));

  test.each(importsBetween(all, layerOf))('$path', ({ from, to }) => {
    const allowed = mayImport.get(from) ?? [];
    for (const layer of to) expect(allowed, `${from} must not import ${layer}`).toContain(layer);
  });

  test('and whatever it allows is imported by some file', () => {
    expect(unusedOf(importsBetween(product, layerOf), mayImportOfProduct)).toEqual([]);
  });

  test('the map has all of them and no others, and what ships imports one way', () => {
    expect([...mayImport.keys()].toSorted()).toEqual([...new Set(all.map(({ path }) => layerOf(path)))].toSorted());
    for (const names of mayImport.values()) expect([...mayImport.keys()]).toEqual(expect.arrayContaining([...names]));
    expect(filesInCircles([...mayImportOfProduct].map(([path, files]) => ({ path, files: [...files] })))).toEqual([]);
  });
});

test('a folder of code is in the map, or is a workspace with a toolchain of its own', () => {
  const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
  const notOurs = read('.gitignore')
    .split('\n')
    .map((line) => line.replace(/\/$/, ''));
  const { workspaces = [] } = JSON.parse(read('package.json')) as { workspaces?: string[] };
  const known = new Set(['lib', ...importRules('folder').keys(), ...workspaces, ...notOurs]);
  const folders = readdirSync(ROOT, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.'),
  );
  const unknown = folders.map(({ name }) => name).filter((name) => !known.has(name));
  expect(unknown.filter((name) => filePaths(name, '.ts').length > 0)).toEqual([]);
});

describe('a room of the pipeline imports only those that ARCHITECTURE.md allows it', () => {
  const mayImport = importRules('room');
  const pipeline = lib
    .filter(({ path }) => path.startsWith(PIPELINE))
    .map((source) => ({ ...source, files: source.files.filter((path) => path.startsWith(PIPELINE)) }));

  test.each(importsBetween(pipeline, roomOf))('$path', ({ from, to }) => {
    const allowed = mayImport.get(from) ?? [];
    for (const room of to) expect(allowed, `${from} must not import ${room}`).toContain(room);
  });

  test('and whatever it allows is imported by some file', () => {
    expect(unusedOf(importsBetween(pipeline, roomOf), mayImport)).toEqual([]);
  });

  test('the table has all of them and no others, and they import one way', () => {
    expect([...mayImport.keys()].toSorted()).toEqual([...new Set(pipeline.map(({ path }) => roomOf(path)))].toSorted());
    for (const names of mayImport.values()) expect([...mayImport.keys()]).toEqual(expect.arrayContaining([...names]));
    expect(filesInCircles([...mayImport].map(([path, files]) => ({ path, files: [...files] })))).toEqual([]);
  });
});

describe('a log line of the pipeline begins with the word of its room', () => {
  const WORDS: Readonly<Record<string, readonly string[]>> = {
    'job-start.ts': ['job'],
    'quota.ts': ['quota'],
    'usage-meter.ts': ['usage'],
    endpoints: ['endpoint'],
    ingest: ['ingest'],
    dispatch: ['dispatch'],
    jobs: ['job', 'fan-out'],
    manual: ['manual'],
    polls: ['poll'],
    sources: ['source'],
    sweep: ['sweep'],
    // It works for two stages, and asks which.
    delivery: ['${stageOf(queue, message)}'],
  };
  const logging = lib.filter(({ path, text }) => path.startsWith(PIPELINE) && /\blog\b/.test(text));

  /** `dispatch` of `'dispatch.held'`; a word that a function gives is its call. */
  const NAME = /['`]((?:\$\{[^}]*\}|[^'`$\s.])+)\.[a-z-]+['`]/g;
  /** A call, with the rest of its first line; `loggingFaults` gets the name as its second argument. */
  const CALL = /\blog\.(?:info|warn|error)\(\s*(.+)|\bloggingFaults\([^,]+,(.+)/g;

  test.each(logging)('$path', ({ path, text }) => {
    for (const [call, first, second] of text.matchAll(CALL)) {
      // A name that is given in a variable stands at the call that gives it.
      if (first?.startsWith('name,')) continue;
      const words = [...(first ?? second ?? '').matchAll(NAME)].map(([, word]) => word);
      expect(words, `the name of ${call} in ${path}`).not.toEqual([]);
      for (const word of words) expect(WORDS[roomOf(path)], `${path} logs ${call}`).toContain(word);
    }
  });
});

describe('a circle of imports', () => {
  test('is found, with its files and not those that lead to it or away from it', () => {
    const files = { a: ['b'], b: ['c'], c: ['b', 'd'], d: [] };
    expect(filesInCircles(Object.entries(files).map(([path, to]) => ({ path, files: to })))).toEqual(['b', 'c']);
  });

  test('is nowhere in lib, lambdas and bin, not even of types', () => {
    expect(filesInCircles(product)).toEqual([]);
  });
});

test('the SDK runs wherever there are fetch and WebCrypto: it imports no package and no module of Node, and only the console and the command line import it', () => {
  for (const { path, modules } of sdk) expect(modules, path).toEqual([]);
  const service = product.filter(({ path }) => !path.startsWith('sdk/') && !path.startsWith('console/'));
  expect(service.filter(({ modules }) => modules.some((name) => name.startsWith('@postrider/')))).toEqual([]);
});

describe('the console', () => {
  const MODULES = [
    '@postrider/sdk',
    '@preact/signals',
    'uplot',
    'uplot/dist/uPlot.min.css',
    'uqr',
    'preact',
    'preact/hooks',
  ];
  /** Each imports only those before it. */
  const ROOMS = ['styles', 'texts', 'router', 'session', 'data', 'parts', 'screens', 'screens.ts', 'shell', 'main.tsx'];
  const roomOf = (path: string) => path.replace('console/src/', '').split('/')[0] as string;

  test.each(pages)('$path imports the SDK, Preact, and rooms before its own', ({ path, modules, files }) => {
    for (const module of modules) expect(MODULES, `${path} imports ${module}`).toContain(module);
    const own = ROOMS.indexOf(roomOf(path));
    expect(own, `${path} is in no room`).toBeGreaterThanOrEqual(0);
    for (const file of files)
      expect(own, `${path} imports ${file}`).toBeGreaterThanOrEqual(ROOMS.indexOf(roomOf(file)));
  });

  test('shows texts as texts: nothing makes HTML of one', () => {
    for (const { path, text } of pages) {
      expect(text, path).not.toMatch(
        /dangerouslySetInnerHTML|(inner|outer)HTML|insertAdjacentHTML|document\.write|srcdoc/i,
      );
    }
  });

  test('stores nothing in the browser', () => {
    for (const { path, text } of pages) {
      expect(text, path).not.toMatch(/localStorage|sessionStorage|indexedDB|document\.cookie|\bcaches\b/);
    }
  });
});

test('one adapter does not import another', () => {
  const ownOf = (path: string) => path.slice(ADAPTERS.length).split('/')[0];
  for (const { path, files } of lib.filter((source) => source.path.startsWith(ADAPTERS))) {
    for (const target of files.filter((file) => file.startsWith(ADAPTERS))) {
      expect(ownOf(target), `${path} imports ${target}`).toBe(ownOf(path));
    }
  }
});

test('the core gets time, randomness and ids as arguments', () => {
  const core = lib.filter(({ path }) => ['domain', 'dialects', 'pipeline'].includes(layerOf(path)));
  for (const { path, text, modules } of core) {
    expect(text, path).not.toMatch(/Date\.now\(|new Date\(\)|Math\.random\(|randomBytes\(|randomUUID\(|setTimeout\(/);
    for (const module of modules) expect(PURE_MODULES, `${path} imports ${module}`).toContain(module);
  }
});

test.each([
  ['encryption', /\bcreate(C|Dec)ipheriv\(/, 'lib/domain/aes-gcm.ts'],
  ['the log’s default lifetime', /\bDEFAULT_LOG_TTL_DAYS = /, 'lib/domain/log-lifetime.ts'],
  [
    'the queues’ limits',
    /maxReceives: \d|retentionSeconds: \d|\b(RETENTION|MAX_DELAY|MAX_VISIBILITY)_SECONDS = /,
    'lib/ports/queue-rules.ts',
  ],
  ['what tells a URL of Slack', /slack\.com/, 'lib/dialects/slack/slack.ts'],
  ['what tells a URL of Discord', /discord(app)?\.com/, 'lib/dialects/discord/discord.ts'],
])('%s stands in one file, which every layer that needs it may import', (_, pattern, file) => {
  expect(lib.filter(({ text }) => pattern.test(text)).map(({ path }) => path)).toEqual([file]);
});

test('a port is small enough to be implemented in a sitting', () => {
  for (const { path, text } of lib.filter((source) => layerOf(source.path) === 'ports')) {
    expect(text.split('\n').length, path).toBeLessThanOrEqual(75);
  }
});

test('files are short, have kebab-case names and no default exports, and are no barrels', () => {
  for (const { path, text } of all.filter((source) => !GENERATED.has(source.path))) {
    expect(text.split('\n').length, path).toBeLessThanOrEqual(320);
    expect(path, path).toMatch(/^([a-z0-9-]+\/)*[a-z0-9-]+(\.[a-z]+)*\.tsx?$/);
    expect(path, path).not.toMatch(/(utils|helpers)/);
    expect(text, path).not.toMatch(/^export \* from/m);
    // A tool's configuration has to be the default export.
    if (!path.endsWith('.config.ts')) expect(text, path).not.toMatch(/^export default/m);
  }
});

describe('only the changes of a delivery make a record that can be written', () => {
  const CHANGES = 'lib/domain/delivery-changes/';
  const shipped = [...product, ...sourceFiles('bench')];
  /** Who imports more of a file than types, in whatever form: by names, as a whole, again exported or when running. */
  const usersOf = (file: string) => {
    const use = new RegExp(String.raw`(?:^(?:import|export) (?!type\b)[^;]*|\bimport\()'[^']*/${file}'`, 'm');
    const users = shipped.filter(({ files, text }) => files.includes(`${CHANGES}${file}`) && use.test(text));
    return users.map(({ path }) => path).toSorted();
  };

  test('by the one function that takes the fields of the new status', () => {
    const changes = ['dead-letters', 'polls', 'resends', 'results', 'stops', 'waits'].map(
      (name) => `${CHANGES}${name}.ts`,
    );
    expect(usersOf('change.ts')).toEqual(changes);
  });

  test('and only the stores open what they make', () => {
    const stores = ['dynamodb', 'sqlite'].map((name) => `lib/adapters/${name}/stores/delivery-log.ts`);
    expect(usersOf('next-delivery.ts')).toEqual([...stores, `${CHANGES}change.ts`]);
  });
});

describe('a line of a page has at most 120 characters', () => {
  const TOP = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'AGENTS.md',
    'cli/README.md',
    'sdk/README.md',
    'console/README.md',
  ];

  /** Without code and tables, which cannot be wrapped, and without the addresses of links. */
  const proseOf = (text: string) =>
    text
      .replaceAll(/^ *```[^]*?^ *```$/gm, (code) => code.replaceAll(/[^\n]/g, ''))
      .split('\n')
      .map((line) => (line.trimStart().startsWith('|') ? '' : line.replaceAll(/\]\([^)]*\)/g, ']')));

  test.each([...TOP, ...filePaths('docs', '.md')])('%s', (path) => {
    const lines = proseOf(readFileSync(join(ROOT, path), 'utf8'));
    const tooLong = lines.flatMap((line, index) => ([...line].length > 120 ? `${path}:${index + 1}` : []));
    expect(tooLong, 'wrap these lines').toEqual([]);
  });
});

describe('a comment or a page cites only what is in this repository', () => {
  /** Documents that the first code was written from; the brackets keep this file from matching. */
  const ELSEWHERE = /[p]rotocol [A-Z]\d|\b[D]ESIGN\b|(?<!docs\/|\]\()[d]ialects\.md|\([A-E]\d+\)/g;
  const pages = filePaths('docs', '.md').map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

  test.each([...all, ...pages])('$path', ({ text }) => {
    expect(text.match(ELSEWHERE) ?? []).toEqual([]);
  });

  /** A page and one of its headings: `(docs/delivery-states.md, Dispatch)`. A comment may break the line in between. */
  const CITED_HEADING = /\((docs\/[\w/-]+\.md),\s(?:\*\s)?([A-Z][\w -]*)\)/g;
  const headingsOf = (text: string) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
  const citing = all
    .map(({ path, text }) => ({ path, cited: [...text.replaceAll(/\n\s*\*/g, '').matchAll(CITED_HEADING)] }))
    .filter(({ path, cited }) => cited.length > 0 && path !== 'test/architecture.test.ts');

  test.each(citing)('$path: each heading that it cites exists', ({ cited }) => {
    for (const [, page = '', heading = ''] of cited) {
      expect(headingsOf(pages.find(({ path }) => path === page)?.text ?? ''), page).toContain(heading);
    }
  });

  /** Files and folders of the repository, in backquotes and in full. */
  const CITED_PATH = /`((?:bin|cli|lib|lambdas|sdk|console|bench|test|docs)\/[\w./-]+)`/g;
  const topPages = ['README', 'ARCHITECTURE', 'CONTRIBUTING', 'AGENTS', 'sdk/README', 'console/README'].map((name) => ({
    path: `${name}.md`,
    text: readFileSync(join(ROOT, `${name}.md`), 'utf8'),
  }));

  test.each([...topPages, ...pages])('$path: each path that it cites exists', ({ text }) => {
    const cited = [...text.matchAll(CITED_PATH)].map((match) => match[1] as string);
    expect(cited.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
