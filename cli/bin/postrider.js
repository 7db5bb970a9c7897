#!/usr/bin/env node
// A clone runs the sources; the published package has only what was built of them.

import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const sources = new URL('../src/main.ts', import.meta.url);
const isClone = existsSync(sources);
// Most of the start of a clone would be the translation of the sources, which is kept. Node 20 can't keep it.
if (isClone)
  module.enableCompileCache?.(fileURLToPath(new URL('../../node_modules/.cache/postrider', import.meta.url)));
await import(isClone ? sources.href : new URL('../dist/main.js', import.meta.url).href);
