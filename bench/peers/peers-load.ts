import { resolve } from 'node:path';
import { quantile } from '../quantiles.ts';
import { type Durations, type Figures, measureScene } from './scenarios.ts';
import { type Started, startScene } from './scene.ts';

export interface PeersLoadOptions extends Durations {
  scenarios: readonly string[];
  rounds: number;
  /** Another checkout, with its packages installed. */
  against: string | undefined;
  /** Delivery threads of this checkout's service; undefined: its default. */
  workers: number | undefined;
}

/**
 * The scenarios in which senders of webhooks are compared: this checkout, another one, and a bare floor, which posts to the
 * receiver itself; in turns, because a machine's speed changes by the minute. Prints the medians.
 */
export async function benchPeersLoad(options: PeersLoadOptions): Promise<void> {
  const { rounds, against, workers } = options;
  const columns = new Map<string, Started | undefined>([['floor', undefined]]);
  if (against !== undefined) columns.set('other', { root: resolve(against), options: [] });
  columns.set('this', { root: process.cwd(), options: workers === undefined ? [] : ['--workers', String(workers)] });
  const measured = new Map([...columns.keys()].map((name) => [name, [] as Figures[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, started] of columns) measured.get(name)?.push(await measureColumn(started, options));
  }
  const names = [...columns.keys()];
  console.log(row('', names));
  for (const figure of measured.get('this')?.[0]?.keys() ?? []) {
    const medians = names.map((name) => medianOf(measured.get(name) ?? [], figure));
    console.log(row(figure, [...medians.map(shown), ...ratioOf(medians)]));
  }
}

async function measureColumn(started: Started | undefined, options: PeersLoadOptions): Promise<Figures> {
  await using cleanup = new AsyncDisposableStack();
  const scene = await startScene(started);
  cleanup.defer(() => scene.stop());
  // Awaited here: the scene must last until it is measured.
  return await measureScene(scene, options.scenarios, options);
}

/** Of this checkout to the other one. */
function ratioOf(medians: readonly number[]): string[] {
  const [other, own] = medians.slice(-2);
  return medians.length === 3 && other && own !== undefined ? [(own / other).toFixed(2)] : [];
}

function medianOf(rounds: readonly Figures[], name: string): number {
  return quantile(
    rounds.map((figures) => figures.get(name) ?? Number.NaN),
    0.5,
  );
}

function shown(value: number): string {
  if (Number.isNaN(value)) return '';
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(42) + cells.map((cell) => cell.padStart(10)).join('');
}
