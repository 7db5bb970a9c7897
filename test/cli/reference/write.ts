// `npm run reference`: writes the part of docs/cli.md that is made of the commands.

import { writeFileSync } from 'node:fs';
import { FILE, referencePage } from './reference.ts';

writeFileSync(FILE, await referencePage());
