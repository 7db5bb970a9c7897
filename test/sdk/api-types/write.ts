// The second half of `npm run openapi` (test/api/openapi/write.ts): writes the SDK's types from docs/openapi.json.

import { readFileSync, writeFileSync } from 'node:fs';
import { FILE, apiTypes } from './api-types.ts';

writeFileSync(FILE, await apiTypes(JSON.parse(readFileSync('docs/openapi.json', 'utf8'))));
