import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runDemo } from '../../../lib/local/demo/demo.ts';
import type { Chapter } from '../../../lib/local/demo/demo-story.ts';
import { createLineWriter } from '../../../lib/local/terminal/line-writer.ts';
import { createPalette } from '../../../lib/local/terminal/palette.ts';
import { StartedProcess } from '../started-process.ts';

let folder: string;
let demo: StartedProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postrider-story-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await demo?.kill();
  rmSync(folder, { recursive: true });
});

const CHAPTER: Chapter = {
  title: 'A receiver that is well',
  lesson: 'All is well.',
  eventType: 'a.b',
  delays: [],
  answers: [200],
  expected: { status: 'delivered', statusCodes: [200], deadLetters: 0 },
};

async function tell(chapter: Chapter): Promise<{ asTold: boolean; text: string }> {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const asTold = await runDemo(createLineWriter(stream), createPalette(false), [chapter]);
  return { asTold, text };
}

describe('npm run demo', () => {
  test('tells of a delivery at once, of one that recovers and of one that ends in the dead letters', async () => {
    demo = new StartedProcess(['demo']);
    expect(await demo.exited).toBe(0);
    expect(demo.stderr).toBe('');
    const [, first = '', second = '', third = ''] = demo.stdout.split(/^\d\. /m);
    expect(first).toMatch(/invoice\.paid +delivered +attempt 1 of 3/);
    expect(second).toMatch(/retrying 500.*next in [12] s\n.*retrying 500.*attempt 2 .*\n.*delivered 200.*attempt 3/);
    expect(second).toMatch(/invoice\.sent +delivered +attempt 3 of 3/);
    expect(third).toMatch(/exhausted 503.*attempt 3 +→ dead letters/);
    expect(third).toMatch(/messages in the dead letters 1/);
    expect(demo.stdout.match(/✓/g)).toHaveLength(3);
  }, 60_000);

  test('ends well only when everything went as told, and leaves no folder', async () => {
    vi.stubEnv('TMPDIR', folder);
    const well = await tell(CHAPTER);
    expect(well).toMatchObject({ asTold: true, text: expect.stringContaining('✓ All is well.') });
    const failing = await tell({ ...CHAPTER, answers: [503] });
    expect(failing.asTold).toBe(false);
    expect(failing.text).toContain('✗ the delivery is exhausted, not delivered');
    expect(failing.text).toContain('The story did not go as told.');
    expect(readdirSync(folder)).toEqual([]);
  });
});
