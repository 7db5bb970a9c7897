import { type Metafile, build } from 'esbuild';
import { bundleOptions } from '../../lib/infra/bundled-lambda.ts';
import type { LambdaEntry } from '../../lib/infra/written-in.ts';

type Output = Metafile['outputs'][string];

const known = new Map<LambdaEntry, Promise<Metafile>>();

/** The sources that end up in a function, by esbuild's own account, those that are loaded later among them. */
export async function contentsOf(entry: LambdaEntry): Promise<readonly string[]> {
  return sourcesOf(Object.values((await bundled(entry)).outputs));
}

/** The sources that a new instance of a function loads before its first call. */
export async function loadedAtStart(entry: LambdaEntry): Promise<readonly string[]> {
  const metafile = await bundled(entry);
  return sourcesOf(filesAtStart(metafile).flatMap((path) => metafile.outputs[path] ?? []));
}

/** The files of a bundle that its `index.mjs` imports, itself among them, and not those that it loads when it needs them. */
export function filesAtStart({ outputs }: Metafile): string[] {
  const reached = new Set(Object.keys(outputs).filter((path) => path.endsWith('index.mjs')));
  for (const path of reached) {
    const imported = outputs[path]?.imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
    for (const one of imported ?? []) reached.add(one.path);
  }
  return [...reached];
}

/** Each is bundled once: some are asked for often. */
function bundled(entry: LambdaEntry): Promise<Metafile> {
  const bundle =
    known.get(entry) ??
    build({ ...bundleOptions(entry, '/nowhere'), write: false, metafile: true }).then(({ metafile }) => metafile);
  known.set(entry, bundle);
  return bundle;
}

function sourcesOf(outputs: readonly Output[]): string[] {
  const inputs = outputs.flatMap((output) => Object.entries(output.inputs));
  return [...new Set(inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path))];
}
