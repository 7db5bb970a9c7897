import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Package, checkPackage } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Postrider } from '../../lib/infra/postrider.ts';
import type { PostriderProps } from '../../lib/infra/postrider-props.ts';
import { LAMBDA_ENTRIES } from '../../lib/infra/written-in.ts';
import { isLong } from '../support/extent.ts';
import { ROOT } from '../support/source-files.ts';
import { type PackedConstruct, packedConstruct } from './packed.ts';

interface Manifest {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}
const read = (path: string) => readFileSync(path, 'utf8');
const manifest = JSON.parse(read('construct/package.json')) as Manifest;
const repository = JSON.parse(read('package.json')) as Manifest & { devDependencies: Record<string, string> };
const ASKED_FOR = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];

/** The properties of the README's app. */
const PROPS = {
  logTtlDays: 7,
  egress: { refusedCidrs: ['198.51.100.0/24'] },
  dialects: { 'of-a-platform': { envelope: 'data', headers: [{ name: 'X-Kind', value: '{type}' }] } },
  sources: {
    shop: {
      eventBridge: { pattern: { source: ['com.example.shop'] } },
      fields: [{ name: 'tenant_id', from: 'detail.account' }],
    },
  },
} satisfies PostriderProps;
const [, APP = ''] = /```js\n([^]*?)```/.exec(read('construct/README.md')) ?? [];

type Resources = Record<string, { Type: string; Properties: Record<string, { S3Key?: string }> }>;

describe.runIf(isLong)('the package of the construct', () => {
  let packed: PackedConstruct;
  let resources: Resources;
  beforeAll(() => {
    packed = packedConstruct(ASKED_FOR);
    writeFileSync(join(packed.project, 'app.js'), APP);
    // As `cdk synth` runs it.
    const env = { ...process.env, CDK_OUTDIR: 'cdk.out' };
    execFileSync(process.execPath, ['app.js'], { cwd: packed.project, env, stdio: ['ignore', 'ignore', 'ignore'] });
    resources = JSON.parse(read(join(packed.project, 'cdk.out/Platform.template.json'))).Resources as Resources;
  }, 240_000);
  afterAll(() => packed.remove());

  /** The code of a function, as a deployment would upload it. */
  function codeOf(entry: string): string {
    const [, lambda] =
      Object.entries(resources).find(([id]) => new RegExp(`^Webhooks${entry}Function`, 'i').test(id)) ?? [];
    const hash = /^[0-9a-f]+/.exec(lambda?.Properties['Code']?.S3Key ?? '')?.[0];
    return join(packed.project, `cdk.out/asset.${hash}/index.mjs`);
  }

  /** All but the hashes of code: those of the package differ, since what is written in stands elsewhere. */
  function withoutCode(all: Resources) {
    const entries = Object.entries(all).filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata');
    return Object.fromEntries(
      entries.map(([id, { Properties, ...resource }]) => [
        id,
        { ...resource, Properties: { ...Properties, Code: null } },
      ]),
    );
  }

  test('in a CDK app of another project, the README’s, it makes what it makes here', { timeout: 60_000 }, () => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new Stack(app, 'Platform');
    void new Postrider(stack, 'Webhooks', PROPS);
    const here = Template.fromStack(stack).toJSON()['Resources'] as Resources;
    expect(withoutCode(resources)).toEqual(withoutCode(here));
  });

  test.each(LAMBDA_ENTRIES)('the code of %s is there, and starts', (entry) => {
    const program = `const { handler } = await import(process.argv[1]); console.log(typeof handler);`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program, codeOf(entry)], {
      encoding: 'utf8',
    });
    expect(printed).toBe('function\n');
  });

  test('what the stack writes into the code of its functions comes before it', () => {
    const [header = ''] = read(codeOf('dispatch')).split('\n', 1);
    const written: Record<string, unknown> = {};
    Function('globalThis', header)(written);
    expect(written['POSTRIDER_EGRESS_RULES']).toMatchObject(PROPS.egress);
    expect(written['POSTRIDER_DIALECTS']).toHaveProperty('of-a-platform');
    expect(read(join(packed.installed, 'dist/functions/dispatch/index.mjs'))).toContain('POSTRIDER_EGRESS_RULES');
  });

  test('publint finds nothing wrong with it', async () => {
    const { messages } = await publint({ pkgDir: packed.installed, strict: true, pack: false });
    expect(messages).toEqual([]);
  });

  test('attw finds nothing wrong with its types, for what can load an ES module', async () => {
    const { name, version } = JSON.parse(read('construct/package.json')) as { name: string; version: string };
    const paths = readdirSync(packed.installed, { recursive: true, encoding: 'utf8' });
    const files = paths.filter(
      (path) => /\.(?:json|[cm]?[jt]s)$/.test(path) && !/^dist\/(?:functions|console)/.test(path),
    );
    const contents = files.map(
      (path) => [`/node_modules/${name}/${path}`, read(join(packed.installed, path))] as const,
    );
    const analysis = await checkPackage(new Package(Object.fromEntries(contents), name, version));
    expect(analysis.types).toEqual({ kind: 'included' });
    const problems = 'problems' in analysis ? analysis.problems : [];
    // `require` of an ES module works since Node 20.17; before `exports` there were none.
    const ofOthers = problems.filter(
      (problem) =>
        problem.kind !== 'CJSResolvesToESM' && !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
    );
    expect(ofOthers).toEqual([]);
  });

  test('its types are whole, and refuse a property that it does not have', { timeout: 60_000 }, () => {
    const program = (props: string) =>
      `import { Stack } from 'aws-cdk-lib';
    import { Postrider, PostriderStack, type PostriderProps } from '@postrider/construct';
    const props: PostriderProps = ${props};
    export const url: string = new Postrider(new Stack(), 'P', props).api.httpApi.apiEndpoint;
    export const stack: Stack = new PostriderStack(new Stack(), 'S', props);`;
    expect(typeErrors(program('{ logTtlDays: 7 }'))).toBe('');
    expect(typeErrors(program('{ logTtlDay: 7 }'))).toMatch(/TS2561/);
  });

  function typeErrors(program: string): string {
    writeFileSync(join(packed.project, 'program.ts'), program);
    const compilerOptions = { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, skipLibCheck: true };
    const options = { ...compilerOptions, types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] };
    writeFileSync(
      join(packed.project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, files: ['program.ts'] }),
    );
    try {
      execFileSync(join(ROOT, 'node_modules/.bin/tsc'), { cwd: packed.project, encoding: 'utf8', stdio: 'pipe' });
      return '';
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  }

  test('examples/platform has it in another stack than the platform’s own', { timeout: 60_000 }, async () => {
    const folder = join(packed.project, 'platform');
    cpSync('examples/platform', folder, { recursive: true });
    const env = { ...process.env, CDK_OUTDIR: 'cdk.out' };
    execFileSync(process.execPath, ['app.js'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
    const template = (stack: string) => JSON.parse(read(join(folder, `cdk.out/${stack}.template.json`)));
    const { Resources: platform } = template('Platform') as { Resources: Resources };
    const types = Object.values(platform).map(({ Type }) => Type);
    expect(types).toContain('AWS::SecretsManager::Secret');
    expect(types.filter((type) => type === 'AWS::Lambda::Function')).toHaveLength(1);
    const outputs = Object.keys(template('Webhooks').Outputs as object);
    expect(outputs).toEqual(expect.arrayContaining(['ApiUrl', 'ConfigTableName', 'PoisonQueueUrl']));
    expect(template('Webhooks').Outputs.FirstKeyCommand.Value).toBe('npx postrider create-key --stack Webhooks');
  });

  test('it asks for what it imports, in the versions of this repository, and for nothing else', () => {
    const folder = join(packed.installed, 'dist');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.js') && !/^(?:functions|console)/.test(name),
    );
    const imported = files.flatMap((name) =>
      [...read(join(folder, name)).matchAll(/from '([^'.#][^']*)'/g)].map(([, from = '']) => packageOf(from)),
    );
    expect([...new Set(imported)].filter((name) => !isBuiltin(name)).toSorted()).toEqual(ASKED_FOR.toSorted());
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      expect(`${name} ${version}`).toBe(`${name} ${repository.dependencies[name]}`);
    }
    for (const [name, range] of Object.entries(manifest.peerDependencies)) {
      expect(`${name} ${range}`).toBe(`${name} ^${repository.devDependencies[name]}`);
    }
  });

  function packageOf(name: string): string {
    const [scope = '', rest] = name.split('/');
    return scope.startsWith('@') ? `${scope}/${rest}` : scope;
  }
});
