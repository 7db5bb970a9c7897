import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

const MODULE = JSON.stringify(new URL('child-process.ts', import.meta.url).href);
/** Says its process id, and then when it is asked to end. */
const INNER = `
  import { endWithParent } from ${MODULE};
  endWithParent();
  console.log('pid', process.pid);
  process.on('SIGTERM', () => { console.log('ended'); process.exit(); });
  setInterval(() => {}, 1000);`;
const OUTER = `
  import { runInTerminal } from ${MODULE};
  await runInTerminal(process.execPath, ['--input-type=module', '--eval', ${JSON.stringify(INNER)}], {});`;

test('a program in the terminal ends with the one that runs it, even if that is killed', async () => {
  const outer = spawn(process.execPath, ['--input-type=module', '--eval', OUTER], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const text of outer.stdout.setEncoding('utf8')) {
    said += String(text);
    if (said.includes('pid')) outer.kill('SIGKILL');
  }
  expect(said).toMatch(/^pid \d+\nended\n$/);
});
