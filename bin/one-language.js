// Not by its name: an older Node, which lacks it, could not say then that it is too old.
import nodeModule from 'node:module';

// Of zod's messages in sixty languages Postrider uses the English ones, and would keep all in memory: 1 MB.
nodeModule.registerHooks({
  resolve(specifier, context, next) {
    const isAll = specifier === '../locales/index.js' && context.parentURL?.includes('/node_modules/zod/');
    return next(isAll ? '../locales/en.js' : specifier, context);
  },
});
