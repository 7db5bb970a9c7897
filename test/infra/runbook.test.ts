import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SAVED_QUERIES } from '../../lib/infra/saved-queries.ts';
import { builtConsole } from '../../lib/local/console/built-console.ts';
import { filePaths } from '../support/source-files.ts';
import { WITH_SOURCES, ofType, root, synthesize } from './synthesized.ts';

await builtConsole();
const { resources, outputs } = synthesize({ ...WITH_SOURCES, console: {}, egress: { kind: 'static-ips' } });
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
/** Those that log; others name lines to read them. */
const sources = ['lib/pipeline', 'lib/api', 'lambdas'].flatMap((folder) => filePaths(folder, '.ts')).map(read);

const STAGES = 'ingest|fan-out|dispatch|job|jobs|sweep|source|endpoint|manual|poll|quota|usage|api|authorizer';
const LINE = new RegExp(`["\`]((?:${STAGES})\\.[a-z-]+)["\`]`, 'g');

/** `job.poisoned` and `jobs.failed` are put together of the stage's word and the rest. */
const isLogged = (line: string) =>
  sources.some((source) => source.includes(`'${line}'`) || source.includes(`}.${line.split('.')[1]}\``));
const found = (page: string, pattern: RegExp) => [...new Set([...page.matchAll(pattern)].map(([, name = '']) => name))];

describe.each(['docs/runbook.md', 'docs/unproven.md'])('%s', (path) => {
  const page = read(path);

  test('names lines that are logged', () => {
    const lines = found(page, LINE);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => !isLogged(line))).toEqual([]);
  });

  test('reads outputs that the stack has, and logs of its stages', () => {
    const logs = ofType(resources, 'AWS::Logs::LogGroup').map(([id]) => id);
    const named = found(page, /\boutput ([A-Z]\w+)/g);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !(name in outputs))).toEqual([]);
    const stages = found(page, /\$\(loggroup ([A-Z]\w+)\)/g);
    expect(stages.length).toBeGreaterThan(2);
    expect(stages.filter((stage) => !logs.some((id) => id.startsWith(`Postrider${stage}Log`)))).toEqual([]);
  });

  test('runs scripts that there are', () => {
    expect(found(page, /npm run ([\w:-]+)/g).filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('the runbook', () => {
  const page = read('docs/runbook.md');

  test('names saved queries by their names', () => {
    const named = found(page, /saved quer(?:y|ies)\s+["`]([^"`]+)["`]/g).map((name) => name.replaceAll(/\s+/g, ' '));
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => !SAVED_QUERIES.some((query) => query.name === name))).toEqual([]);
  });

  test('says of each alarm what it means and what to do', () => {
    const sections = page.split(/^### /m).slice(1);
    expect(sections.length).toBeGreaterThan(20);
    const without = (word: RegExp) => sections.filter((text) => !word.test(text)).map((text) => text.split('\n', 1)[0]);
    expect(without(/\*\*Means\*\*/)).toEqual([]);
    expect(without(/\*\*(?:Do|Look\*\* and \*\*do|Look and do)\*\*/)).toEqual([]);
  });
});
