import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import { bundleOptions } from '../lib/infra/bundled-lambda.ts';
import type { LambdaEntry } from '../lib/infra/written-in.ts';
import { filesAtStart } from '../test/lambdas/bundle-contents.ts';
import { quantile } from './quantiles.ts';

/** Of the functions that an event waits for. */
const MOST_BYTES = 500_000;
const MOST_TIMES_BARE = 1.6;
const HOT: readonly LambdaEntry[] = ['ingest', 'dispatch'];
const ENTRIES: readonly LambdaEntry[] = [
  ...HOT,
  'jobs',
  'source',
  'sweep',
  'authorizer',
  'endpoints',
  'poll',
  'history',
  'account',
];

const CLIENTS = {
  dynamodb:
    "export { DynamoDBClient } from '@aws-sdk/client-dynamodb'; export { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand, QueryCommand, BatchGetCommand } from '@aws-sdk/lib-dynamodb';",
  sqs: "export { SQSClient, SendMessageBatchCommand, ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';",
  kms: "export { KMSClient, GenerateDataKeyCommand, DecryptCommand } from '@aws-sdk/client-kms';",
};
/** What each is compared with: the SDK's clients that it has, as they are in one file, and nothing else. */
const BARE: Record<string, string> = {
  'the SDK for ingest': CLIENTS.dynamodb + CLIENTS.sqs,
  'the SDK for dispatch': CLIENTS.dynamodb + CLIENTS.sqs + CLIENTS.kms,
};

/** Prints the processor time of this thread that an import takes, in ms, with Node's own start left out. */
const IMPORT = `
const cpu = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000; };
const begin = cpu();
await import(process.argv[1]);
process.stdout.write(String(cpu() - begin));
process.exit();
`;

interface Measured {
  name: string;
  bytes: number;
  file: string;
  times: number[];
}

/**
 * What a new instance of each function loads: its bytes and how long their import takes, in turns with that of the bare
 * clients of the AWS SDK. Fails where a function that an event waits for is over an aim.
 */
export async function benchColdStart(rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postrider-cold-start-'));
  try {
    const bundles = await makeBundles(folder);
    for (let round = 0; round < rounds; round += 1) {
      for (const bundle of bundles) bundle.times.push(await importTime(bundle.file));
    }
    report(bundles);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeBundles(folder: string): Promise<Measured[]> {
  const functions = ENTRIES.map((entry) => makeBundle(folder, entry, bundleOptions(entry, join(folder, entry))));
  const bare = Object.entries(BARE).map(([name, contents]) => {
    const { entryPoints: _, alias: __, ...options } = bundleOptions('ingest', join(folder, name));
    const stdin = { contents, resolveDir: import.meta.dirname };
    return makeBundle(folder, name, { ...options, splitting: false, stdin });
  });
  return Promise.all([...functions, ...bare]);
}

async function makeBundle(folder: string, name: string, options: BuildOptions): Promise<Measured> {
  const { metafile } = await build({ ...options, metafile: true });
  const bytes = filesAtStart(metafile).reduce((sum, path) => sum + (metafile.outputs[path]?.bytes ?? 0), 0);
  return { name, file: join(folder, name, 'index.mjs'), bytes, times: [] };
}

async function importTime(file: string): Promise<number> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', IMPORT, pathToFileURL(file).href]);
  return Number(stdout);
}

function report(bundles: readonly Measured[]): void {
  const bareTimes = new Map(HOT.map((entry) => [entry as string, medianOf(bundles, `the SDK for ${entry}`)]));
  const failures: string[] = [];
  console.log(
    `${'function'.padEnd(22)}${'KB'.padStart(6)}${'import, ms'.padStart(12)}${'of the SDK alone'.padStart(18)}`,
  );
  for (const { name, bytes, times } of bundles) {
    const bare = bareTimes.get(name);
    const ratio = bare === undefined ? undefined : quantile(times, 0.5) / bare;
    console.log(
      name.padEnd(22) +
        (bytes / 1000).toFixed(0).padStart(6) +
        quantile(times, 0.5).toFixed(1).padStart(12) +
        (ratio?.toFixed(2) ?? '').padStart(18),
    );
    if (ratio === undefined) continue;
    if (bytes > MOST_BYTES) failures.push(`${name} has ${bytes} bytes, more than ${MOST_BYTES}`);
    if (ratio > MOST_TIMES_BARE)
      failures.push(`${name} takes ${ratio.toFixed(2)} times the SDK’s import, more than ${MOST_TIMES_BARE}`);
  }
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
}

function medianOf(bundles: readonly Measured[], name: string): number {
  return quantile(bundles.find((bundle) => bundle.name === name)?.times ?? [], 0.5);
}
