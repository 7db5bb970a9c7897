import type { Deployment } from '../deployment.ts';
import { type Proof, verdict } from '../row.ts';

/** A call that starts each function; sweep starts by itself. */
const WAKING: Readonly<Record<string, readonly [method: string, path: string]>> = {
  Account: ['GET', '/v1/health'],
  Endpoints: ['GET', '/v1/endpoints'],
  History: ['GET', '/v1/events'],
  Ingest: ['POST', '/v1/events'],
};
const STARTED = [...Object.keys(WAKING), 'Authorizer', 'Sweep'];
/** Lines of the log come within a minute; so does the next run of sweep. */
const LIMIT_MS = 150_000;

export const coldStart: Proof = {
  name: 'cold-start',
  claim: 'Cold start of each function',
  async prove(deployment) {
    deployment.mayChange('makes Lambda log its own lines, and sets that back');
    const key = deployment.key();
    const functions = await deployment.functions();
    const names = STARTED.map((stage) => functions.get(stage) ?? '');
    const since = deployment.machine.now();
    try {
      // Another configuration starts new instances.
      for (const name of names) await setLevel(deployment, name, 'INFO');
      const headers = { 'content-type': 'application/json' };
      for (const [method, path] of Object.values(WAKING))
        await deployment.request(method, path, { key, headers, ...(method === 'POST' && { body: EVENT }) });
      const seen: string[] = [];
      for (const stage of STARTED) seen.push(`${stage} ${(await initOf(deployment, stage, since)) ?? 'not seen'}`);
      return verdict(!seen.some((text) => text.endsWith('not seen')), seen.join(', '));
    } finally {
      for (const name of names) await setLevel(deployment, name, 'WARN');
    }
  },
};

const EVENT = JSON.stringify({ type: 'postrider-prove.cold-start', data: {} });

async function setLevel(deployment: Deployment, name: string, level: string): Promise<void> {
  const { LoggingConfig } = await deployment.aws('lambda', 'get-function-configuration', '--function-name', name);
  const config = JSON.stringify({ ...LoggingConfig, SystemLogLevel: level });
  await deployment.aws('lambda', 'update-function-configuration', '--function-name', name, '--logging-config', config);
  await deployment.aws('lambda', 'wait', 'function-updated-v2', '--function-name', name);
}

/** @returns `412 ms`, of the first start since then */
function initOf(deployment: Deployment, stage: string, since: number): Promise<string | undefined> {
  const ask = async () => {
    const [line] = await deployment.lines(stage, '{ $.record.metrics.initDurationMs > 0 }', since);
    if (line === undefined) return undefined;
    const { record } = JSON.parse(line) as { record: { metrics: { initDurationMs: number } } };
    return `${Math.round(record.metrics.initDurationMs)} ms`;
  };
  return deployment.until(ask, 10_000, LIMIT_MS);
}
