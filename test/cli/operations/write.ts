// The last part of `npm run openapi` (test/api/openapi/write.ts): writes the command line's table of operations.

import { readFileSync, writeFileSync } from 'node:fs';
import { FILE, operationsFile } from './derive.ts';

writeFileSync(FILE, await operationsFile(JSON.parse(readFileSync('docs/openapi.json', 'utf8'))));
