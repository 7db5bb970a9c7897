import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { Caller } from '../api/over-http/caller.ts';
import { type Target, startAws, startLocal } from '../api/over-http/target.ts';
import { type ScriptResult, runScript } from './run-script.ts';

export const BACKENDS = [
  ['one process', startLocal],
  ['functions over emulators', startAws],
] as const;

/** The folder is there until the tests of this file, or of this block, are done. */
export function folderOfTests(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-import-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A service that runs while the tests of a block do, and takes imports. */
export class ImportingService {
  readonly #file: string;
  #target: Target | undefined;

  constructor(start: () => Promise<Target>) {
    this.#file = join(folderOfTests(), 'endpoints.jsonl');
    beforeAll(async () => {
      this.#target = await start();
    }, 60_000);
    afterAll(() => this.#running.stop(), 60_000);
  }

  get #running(): Target {
    if (!this.#target) throw new Error('The service runs in tests only.');
    return this.#target;
  }

  get caller(): Caller {
    return new Caller(this.#running, this.#running.apiKey);
  }

  /** @param rows one a line; a text is written as it is */
  import(rows: readonly unknown[], ...flags: string[]): Promise<ScriptResult> {
    const lines = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
    writeFileSync(this.#file, lines.join('\n'));
    const { url, apiKey } = this.#running;
    return runScript('import', [this.#file, '--url', url, ...flags], { POSTRIDER_API_KEY: apiKey });
  }

  async list(tenant: string) {
    return (await this.caller.make('GET', '/v1/endpoints', undefined, { 'postrider-tenant': tenant })).data;
  }
}
