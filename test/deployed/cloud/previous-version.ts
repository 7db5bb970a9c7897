import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './child-process.ts';
import { PROJECT, type StackPlace } from './stack.ts';

/**
 * The stack as the commit before has it, in a folder of its own: where this branch left `main`, or else the first parent.
 * @returns undefined without such a commit: in a shallow clone, or without a repository
 */
export async function previousVersion(stack: StackPlace, workFolder: string): Promise<StackPlace | undefined> {
  const commit = await findCommit();
  if (commit === undefined) return undefined;
  const project = join(workFolder, 'previous');
  await mkdir(project);
  const archive = join(workFolder, 'previous.tar');
  await run('git', ['archive', '--output', archive, commit], { cwd: PROJECT });
  await run('tar', ['-xf', archive, '-C', project]);
  await installPackages(project, stack.environment);
  return { ...stack, project, assembly: join(workFolder, 'cdk.previous') };
}

async function findCommit(): Promise<string | undefined> {
  const [head, base] = [await git('rev-parse', 'HEAD'), await git('merge-base', 'HEAD', 'main')];
  return base !== undefined && base !== head ? base : git('rev-parse', '--verify', 'HEAD^');
}

async function git(...args: string[]): Promise<string | undefined> {
  return run('git', args, { cwd: PROJECT }).then(
    (text) => text.trim(),
    () => undefined,
  );
}

/** The same packages are used as they are here. */
async function installPackages(project: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const [here, there] = await Promise.all(
    [PROJECT, project].map((folder) => readFile(join(folder, 'package-lock.json'), 'utf8')),
  );
  if (here === there) await symlink(join(PROJECT, 'node_modules'), join(project, 'node_modules'));
  else await run('npm', ['ci', '--silent'], { cwd: project, env: environment });
}
