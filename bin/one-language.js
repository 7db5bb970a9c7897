import { registerHooks } from 'node:module';

// Of zod's messages in sixty languages Postrider uses the English ones, and would keep all in memory: 1 MB.
registerHooks({
  resolve(specifier, context, next) {
    const isAll = specifier === '../locales/index.js' && context.parentURL?.includes('/node_modules/zod/');
    return next(isAll ? '../locales/en.js' : specifier, context);
  },
});
