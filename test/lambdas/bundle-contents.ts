import { build } from 'esbuild';
import { bundleOptions } from '../../lib/infra/bundled-lambda.ts';
import type { LambdaEntry } from '../../lib/infra/written-in.ts';

/** The files that end up in a function, by esbuild's own account. */
export async function contentsOf(entry: LambdaEntry): Promise<string[]> {
  const { metafile } = await build({ ...bundleOptions(entry, '/nowhere'), write: false, metafile: true });
  const [output] = Object.values(metafile.outputs);
  return Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
}
