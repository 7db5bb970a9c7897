import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './child-process.ts';
import { PROJECT, type StackPlace } from './stack.ts';

/** Set to the folder of the commit before, where there is one. */
const VARIABLE = 'POSTRIDER_TEST_PREVIOUS';

/** The commit before in a folder of its own, to be removed; for the environment of what tests with it. */
export interface PreviousFolder extends AsyncDisposable {
  environment: Record<string, string>;
}

/**
 * Lays out the commit before, with its packages: where this branch left `main`, or else the first parent. What npm has
 * to fetch it fetches now, because a network of its own does not allow that later.
 * @returns undefined without such a commit: in a shallow clone, or without a repository
 */
export async function layOutPrevious(): Promise<PreviousFolder | undefined> {
  const commit = await findCommit();
  if (commit === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'postrider-previous-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const project = join(folder, 'project');
    const archive = join(folder, 'project.tar');
    await mkdir(project);
    await run('git', ['archive', '--output', archive, commit], { cwd: PROJECT });
    await run('tar', ['-xf', archive, '-C', project]);
    await installPackages(project);
    return { environment: { [VARIABLE]: project }, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The stack as the commit before has it; undefined where none was laid out. */
export function previousVersion(stack: StackPlace, workFolder: string): StackPlace | undefined {
  const project = process.env[VARIABLE];
  return project === undefined ? undefined : { ...stack, project, assembly: join(workFolder, 'cdk.previous') };
}

async function findCommit(): Promise<string | undefined> {
  const [head, base] = [await git('rev-parse', 'HEAD'), await git('merge-base', 'HEAD', 'main')];
  return base !== undefined && base !== head ? base : git('rev-parse', '--verify', '--quiet', 'HEAD^');
}

async function git(...args: string[]): Promise<string | undefined> {
  return run('git', args, { cwd: PROJECT }).then(
    (text) => text.trim(),
    () => undefined,
  );
}

/** The same packages are used as they are here. */
async function installPackages(project: string): Promise<void> {
  const [here, there] = await Promise.all(
    [PROJECT, project].map((folder) => readFile(join(folder, 'package-lock.json'), 'utf8')),
  );
  if (here === there) await symlink(join(PROJECT, 'node_modules'), join(project, 'node_modules'));
  else await run('npm', ['ci', '--silent'], { cwd: project });
}
