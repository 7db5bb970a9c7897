import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AssetHashType, DockerImage, type ILocalBundling } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { LambdaEntry, WrittenIn } from '../../lib/infra/written-in.ts';

/** The bundles of the package. */
const FUNCTIONS = resolve(import.meta.dirname, '../../functions');

/** How an operator calls a command of the package `postrider`. */
export const commandOf = (name: string): string => `npx postrider ${name}`;

/**
 * A function's code in the published construct: the bundle that it came with. What `lib/infra/bundled-lambda.ts` writes
 * into the code stands in front of it.
 */
export function functionCode(entry: LambdaEntry, written: WrittenIn): Code {
  return Code.fromAsset(join(FUNCTIONS, entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // The type requires an image. It is used only if local bundling declines, which ours never does.
      image: DockerImage.fromRegistry('unused'),
      local: localCopy(entry, written),
    },
  });
}

/** `written` makes the assets differ: CDK caches them by their properties, and a function has none. */
function localCopy(entry: LambdaEntry, written: WrittenIn): ILocalBundling & { written: string } {
  return {
    // As a text: CDK's cache can't compare what has a null in it.
    written: JSON.stringify(written),
    tryBundle(outputFolder) {
      cpSync(join(FUNCTIONS, entry), outputFolder, { recursive: true });
      const index = join(outputFolder, 'index.mjs');
      writeFileSync(index, headerOf(written) + readFileSync(index, 'utf8'));
      return true;
    },
  };
}

function headerOf({ dialects, egressRules, sources }: WrittenIn): string {
  const values = {
    POSTRIDER_DIALECTS: dialects,
    POSTRIDER_EGRESS_RULES: egressRules,
    ...(sources && { POSTRIDER_SOURCES: sources }),
  };
  return `Object.assign(globalThis,${JSON.stringify(values)});\n`;
}
