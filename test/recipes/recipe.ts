import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Packed, packedSdk } from '../sdk/package/packed.ts';
import { ROOT } from '../support/source-files.ts';

/** A page of docs/recipes/ in a project of its own, as its reader has it: with the packed SDK, and packages of npm. */
export class Recipe {
  readonly page: string;
  readonly #packed: Packed;
  readonly #started: ChildProcess[] = [];

  /** @param packages those of npm that the page asks for; they are taken from this repository */
  constructor(name: string, packages: readonly string[]) {
    this.page = readFileSync(join(ROOT, `docs/recipes/${name}.md`), 'utf8');
    this.#packed = packedSdk();
    for (const one of packages) {
      const place = join(this.folder, 'node_modules', one);
      mkdirSync(dirname(place), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', one), place);
    }
  }

  get folder(): string {
    return this.#packed.project;
  }

  /** Writes the programs of the page, each named by its first line. @param places what stands elsewhere here */
  writePrograms(places: Readonly<Record<string, string>> = {}): void {
    for (const [, name = '', text = ''] of this.page.matchAll(/^```js\n\/\/ (\S+)\n([^]*?)^```$/gm)) {
      const here = Object.entries(places).reduce((at, [from, to]) => at.replaceAll(from, to), text);
      writeFileSync(join(this.folder, name), here);
    }
  }

  /** The words of the line of the page that begins so, after these. */
  words(beginning: string): string[] {
    const line = this.page.split('\n').find((one) => one.startsWith(beginning));
    if (line === undefined) throw new Error(`The page has no line ${beginning}`);
    const words = line.slice(beginning.length).matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g);
    return [...words].map(([, a, b, c]) => a ?? b ?? c ?? '');
  }

  start(program: readonly string[], env: Record<string, string> = {}): Program {
    const options = { cwd: this.folder, env: { ...process.env, NO_COLOR: '1', ...env } };
    const child = spawn(process.execPath, program, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#started.push(child);
    return new Program(child);
  }

  async remove(): Promise<void> {
    for (const child of this.#started) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    this.#packed.remove();
  }
}

/** A process, and all that it has written. */
export class Program {
  readonly child: ChildProcess;
  output = '';
  readonly ended: Promise<number | null>;

  constructor(child: ChildProcess) {
    this.child = child;
    this.ended = once(child, 'close').then(([code]) => code as number | null);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (this.output += String(data)));
  }
}
