import { build } from 'esbuild';
import { bundleOptions } from '../../lib/infra/bundled-lambda.ts';
import type { LambdaEntry } from '../../lib/infra/written-in.ts';

const known = new Map<LambdaEntry, Promise<readonly string[]>>();

/** The files that end up in a function, by esbuild's own account. Each is bundled once: some are asked for often. */
export function contentsOf(entry: LambdaEntry): Promise<readonly string[]> {
  const contents = known.get(entry) ?? bundledInto(entry);
  known.set(entry, contents);
  return contents;
}

async function bundledInto(entry: LambdaEntry): Promise<string[]> {
  const { metafile } = await build({ ...bundleOptions(entry, '/nowhere'), write: false, metafile: true });
  const [output] = Object.values(metafile.outputs);
  return Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
}
