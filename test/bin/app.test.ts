import { execFile } from 'node:child_process';
import { mkdtempDisposableSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

interface Template {
  Resources: Record<string, { Type: string; Properties: { ScalingConfig?: { MaximumConcurrency: number } } }>;
}

/** What `cdk deploy -c name=value` synthesizes, without the functions' code. */
async function synthesized(context: Record<string, string>): Promise<Template> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'postrider-app-'));
  const all = { stackName: 'Hooks', ...context, 'aws:cdk:bundling-stacks': [] };
  const env = { ...process.env, CDK_OUTDIR: folder.path, CDK_CONTEXT_JSON: JSON.stringify(all) };
  await promisify(execFile)(process.execPath, ['bin/app.ts'], { env });
  return JSON.parse(readFileSync(join(folder.path, 'Hooks.template.json'), 'utf8')) as Template;
}

test('-c accountConcurrency=10 leaves a new account room for the API', { timeout: 60_000 }, async () => {
  const { Resources } = await synthesized({ accountConcurrency: '10' });
  const sources = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping');
  expect(sources.map(({ Properties }) => Properties.ScalingConfig?.MaximumConcurrency)).toEqual([2, 2, 2, 2]);
});

test('a value of -c that can’t be is refused, in a sentence', { timeout: 60_000 }, async () => {
  await expect(synthesized({ egress: 'static' })).rejects.toThrow('-c egress=static: it must be lambda or static-ips');
});
