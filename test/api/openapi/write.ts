// `npm run openapi`: writes docs/openapi.json, unless that would break clients of /v1, and what is made of it: the types of
// the SDK, the operations of the command line and their reference.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { openApi } from '../../../lib/api/openapi/document.ts';
import { breakingChanges } from './breaking-changes.ts';
import type { Json } from './schema-changes.ts';

const file = new URL('../../../docs/openapi.json', import.meta.url);
const document = JSON.stringify(openApi(), undefined, 2);
const stored = JSON.parse(readFileSync(file, 'utf8')) as Json;
const breaks = breakingChanges(stored, JSON.parse(document) as Json);

if (breaks.length > 0 && !process.argv.includes('--break')) {
  console.error(`This breaks clients of /v1:\n${breaks.map((change) => `  ${change}`).join('\n')}`);
  console.error('Keep what they use; or, before version 1.0, write it with "npm run openapi -- --break".');
  process.exitCode = 1;
} else {
  writeFileSync(file, `${document}\n`);
  execFileSync(process.execPath, [
    'node_modules/prettier/bin/prettier.cjs',
    '--write',
    '--log-level=warn',
    file.pathname,
  ]);
  await import('../../sdk/api-types/write.ts');
  await import('../../cli/operations/write.ts');
  // It is made of the operations that were just written.
  await import('../../cli/reference/write.ts');
}
