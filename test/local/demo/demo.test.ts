import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runDemo } from '../../../lib/local/demo/demo.ts';
import type { Scenario } from '../../../lib/local/demo/demo-scenarios.ts';
import { createLineWriter } from '../../../lib/local/terminal/line-writer.ts';
import { createPalette } from '../../../lib/local/terminal/palette.ts';
import { StartedProcess } from '../started-process.ts';

let folder: string;
let demo: StartedProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postrider-demo-test-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await demo?.kill();
  rmSync(folder, { recursive: true });
});

const SCENARIO: Scenario = {
  title: 'A healthy receiver',
  summary: 'All is well.',
  eventType: 'a.b',
  delays: [],
  responses: [200],
  expected: { status: 'delivered', statusCodes: [200], deadLetters: 0 },
};

async function runOne(scenario: Scenario): Promise<{ asExpected: boolean; text: string }> {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const asExpected = await runDemo(createLineWriter(stream), createPalette(false), [scenario]);
  return { asExpected, text };
}

describe('npm run demo', () => {
  test('shows a delivery at once, one that recovers and one that ends in the dead-letter queue', async () => {
    demo = new StartedProcess(['demo']);
    expect(await demo.exited).toBe(0);
    expect(demo.stderr).toBe('');
    const [, first = '', second = '', third = ''] = demo.stdout.split(/^\d\. /m);
    expect(first).toMatch(/invoice\.paid +delivered +attempt 1 of 3/);
    expect(second).toMatch(/retrying 500.*next in [12] s\n.*retrying 500.*attempt 2 .*\n.*delivered 200.*attempt 3/);
    expect(second).toMatch(/invoice\.sent +delivered +attempt 3 of 3/);
    expect(third).toMatch(/exhausted 503.*attempt 3 +→ dead letters/);
    expect(third).toMatch(/dead-letter queue: 1/);
    expect(demo.stdout.match(/✓/g)).toHaveLength(3);
  }, 60_000);

  test('succeeds only when everything went as expected, and leaves no folder', async () => {
    vi.stubEnv('TMPDIR', folder);
    const well = await runOne(SCENARIO);
    expect(well).toMatchObject({ asExpected: true, text: expect.stringContaining('✓ All is well.') });
    const failing = await runOne({ ...SCENARIO, responses: [503] });
    expect(failing.asExpected).toBe(false);
    expect(failing.text).toContain('✗ the delivery is exhausted, not delivered');
    expect(failing.text).toContain('The demo did not go as expected.');
    expect(readdirSync(folder)).toEqual([]);
  });
});
