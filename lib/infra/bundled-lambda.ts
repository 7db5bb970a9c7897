import { join, resolve } from 'node:path';
import { type ILocalBundling, AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';
import type { LambdaEntry, WrittenIn } from './written-in.ts';

const LAMBDAS = resolve(import.meta.dirname, '../../lambdas');

/**
 * How esbuild bundles an entry of `lambdas/` into `outputFolder`: `index.mjs` with the AWS SDK in it, and files beside it
 * for what is loaded when it is first used (ADR 53).
 */
export function bundleOptions(
  entry: LambdaEntry,
  outputFolder: string,
  { egressRules = {}, dialects = {}, sources }: Partial<WrittenIn> = {},
): BuildOptions {
  return {
    entryPoints: [join(LAMBDAS, `${entry}.ts`)],
    outdir: outputFolder,
    entryNames: 'index',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The SDK's ESM builds can be tree-shaken: bundles are a third smaller than with its CommonJS builds.
    mainFields: ['module', 'main'],
    // CommonJS packages inside an ESM bundle still call require for Node's own modules.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    minify: true,
    // Nothing else of the chain of credentials, a sixth of a bundle, can be of use in a function.
    alias: { '@aws-sdk/credential-provider-node': join(LAMBDAS, 'runtime/credentials.ts') },
    define: {
      POSTRIDER_DIALECTS: JSON.stringify(dialects),
      ...(Object.keys(egressRules).length > 0 && { POSTRIDER_EGRESS_RULES: JSON.stringify(egressRules) }),
      ...(sources && { POSTRIDER_SOURCES: JSON.stringify(sources) }),
    },
    // Log lines show the names of errors and classes.
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
}

/** How an operator calls a command of `bin/` in a checkout. */
export const commandOf = (name: string): string => `npm run ${name} --`;

/**
 * A function's code, from the sources, bundled at synthesis in this process: no Docker, no network. Skipped where the
 * stack's bundling is. The published construct has `construct/src/shipped-lambda.ts` in its place.
 */
export function functionCode(entry: LambdaEntry, written: WrittenIn): Code {
  return Code.fromAsset(LAMBDAS, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // The type requires an image. It is used only if local bundling declines, which ours never does.
      image: DockerImage.fromRegistry('unused'),
      local: localBundling(entry, written),
    },
  });
}

/** `entry` and `written` make the assets differ: CDK caches them by their properties, and a function has none. */
function localBundling(
  entry: LambdaEntry,
  written: WrittenIn,
): ILocalBundling & { entry: LambdaEntry; written: string } {
  return {
    entry,
    // As a text: CDK's cache can't compare what has a null in it.
    written: JSON.stringify(written),
    tryBundle(outputFolder) {
      buildSync(bundleOptions(entry, outputFolder, written));
      return true;
    },
  };
}
