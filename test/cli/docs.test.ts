import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filePaths } from '../support/source-files.ts';
import { ACCESS, postrider, scripted } from './fake-terminal.ts';

// Every command line of the pages is one that the command line understands.

const PAGES = ['README.md', 'cli/README.md', 'construct/README.md', ...filePaths('docs', '.md')];

/** Command lines in blocks of shell, and in backquotes, without what follows them in the shell. */
function commandLines(page: string): string[] {
  const text = readFileSync(page, 'utf8');
  const blocks = [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = '']) => block.split('\n'));
  const inText = [...text.matchAll(/`((?:npx )?postrider [^`]+)`/g)].map(([, line = '']) => line.replaceAll('\n', ' '));
  const lines = [...blocks, ...inText].flatMap(
    (line) => /(?:^|\$\()(?:npx )?postrider (.*)/.exec(line.trim())?.[1] ?? [],
  );
  return [...new Set(lines.map((line) => line.replace(/\s+#\s.*$|\s*[|>].*$|\s<\s.*$|\)".*$|;.*$/, '').trim()))];
}

const wordsOf = (line: string) =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');

/** In the reference, `<id>` and `[id]` stand for an id. */
const isUsage = (line: string) => /[<[]/.test(line);

const LINES = PAGES.flatMap((page) => commandLines(page).map((line) => ({ page, line })));

test.each(LINES.filter(({ line }) => !isUsage(line)))('$page: postrider $line', async ({ line }) => {
  // Those that wait for what comes would wait for ever.
  const signal = AbortSignal.timeout(200);
  const { fetch } = scripted({ body: { id: 'x', data: [], next_cursor: null, status: 'done', events: [] } });
  const { stderr } = await postrider(wordsOf(line), {
    env: { ...ACCESS, POSTRIDER_SECRET: 'whsec_MDEy' },
    fetch,
    signal,
  });
  expect(stderr).not.toMatch(/unknown (command|option)|required argument|too many arguments|is invalid/);
});

test('the pages have command lines at all', () => {
  expect(LINES.length).toBeGreaterThan(10);
});
