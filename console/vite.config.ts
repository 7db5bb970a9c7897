import { join } from 'node:path';
import { defineConfig } from 'vite';

/** `light-dark()`, `:has()` and `popover` as they are: these browsers have them. */
const BROWSERS = ['chrome123', 'edge123', 'firefox125', 'safari17.5'];

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the page works under any path.
  base: './',
  resolve: {
    alias: [{ find: /^@postrider\/sdk$/, replacement: join(import.meta.dirname, '../sdk/src/index.ts') }],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: BROWSERS,
    // A `data:` URL would need its own rule in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // `npm run dev -w console`: the page from its sources, with the API of a service that runs already.
  server: { proxy: { '/v1': process.env['POSTRIDER_URL'] ?? 'http://127.0.0.1:8080' } },
});
