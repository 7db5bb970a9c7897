#!/usr/bin/env node
// A clone runs the sources; the published package has only what was built of them.

import { existsSync } from 'node:fs';

const sources = new URL('../src/main.ts', import.meta.url);
await import(existsSync(sources) ? sources.href : new URL('../dist/main.js', import.meta.url).href);
