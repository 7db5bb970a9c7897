import { checks } from '../service/checks.ts';
import type { CheckPlace } from '../service/checks.ts';

// Bundled for the runtimes, which don't all read TypeScript. Nothing in here is Node's own.

export interface Checked {
  /** What it was that ran them, in its own words. */
  runtime: string;
  results: CheckResult[];
}

interface CheckResult {
  promise: string;
  /** Absent: it holds. */
  error?: string;
}

async function runAll(place: CheckPlace): Promise<Checked> {
  const results: CheckResult[] = [];
  for (const { promise, run } of checks) {
    const error = await run(place).then(
      () => undefined,
      (cause: unknown) => (cause instanceof Error ? `${cause.message}\n${cause.stack}` : String(cause)),
    );
    results.push({ promise, ...(error !== undefined && { error }) });
  }
  return { runtime: globalThis.navigator?.userAgent ?? `Node.js/${process.versions.node}`, results };
}

/** For a runtime with a command line: the place is in the environment, the results go to the output. */
export async function main(): Promise<void> {
  const place = JSON.parse(process.env['CHECK_PLACE'] ?? '') as CheckPlace;
  console.log(JSON.stringify(await runAll(place)));
}

/** For workerd: the place is the body of a request, the results are its answer. */
export async function answer(request: Request): Promise<Response> {
  return Response.json(await runAll((await request.json()) as CheckPlace));
}
