import { resolve } from 'node:path';
import { quantile } from '../quantiles.ts';
import { type Durations, type Figures, type Side, measureSides } from './scenarios.ts';
import { type Started, startScene } from './scene.ts';

export interface PeersLoadOptions extends Durations {
  scenarios: readonly string[];
  rounds: number;
  /** Another checkout, with its packages installed. */
  against: string | undefined;
  /** Both checkouts run at once and get each event in turn, rather than minutes one after the other. */
  beside: boolean;
  /** Delivery threads of this checkout's service; undefined: its default. */
  workers: number | undefined;
}

/**
 * The scenarios in which senders of webhooks are compared: this checkout, another one, and, unless they run beside each
 * other, a bare floor, which posts to the receiver itself; in turns, because a machine's speed changes by the minute.
 * Prints the medians.
 */
export async function benchPeersLoad(options: PeersLoadOptions): Promise<void> {
  const { rounds, against, beside, workers } = options;
  const columns = new Map<string, Started | undefined>(beside ? [] : [['floor', undefined]]);
  if (against !== undefined) columns.set('other', { root: resolve(against), options: [] });
  columns.set('this', { root: process.cwd(), options: workers === undefined ? [] : ['--workers', String(workers)] });
  const measured = new Map([...columns.keys()].map((name) => [name, [] as Figures[]]));
  const groups = beside ? [[...columns]] : [...columns].map((column) => [column]);
  for (let round = 0; round < rounds; round += 1) {
    for (const group of groups) {
      const figures = await measureTogether(
        group.map(([, started]) => started),
        options,
      );
      for (const [place, [name]] of group.entries()) measured.get(name)?.push(figures[place] as Figures);
    }
  }
  const names = [...columns.keys()];
  console.log(row('', names));
  for (const figure of measured.get('this')?.[0]?.keys() ?? []) {
    const medians = names.map((name) => medianOf(measured.get(name) ?? [], figure));
    console.log(row(figure, [...medians.map(shown), ...(against === undefined ? [] : ratioOf(medians))]));
  }
}

/** @param all what is started at the same time. @returns the figures of each */
async function measureTogether(
  all: readonly (Started | undefined)[],
  options: PeersLoadOptions,
): Promise<readonly Figures[]> {
  await using cleanup = new AsyncDisposableStack();
  const sides: Side[] = [];
  for (const started of all) {
    const scene = await startScene(started);
    cleanup.defer(() => scene.stop());
    sides.push({ scene, figures: new Map() });
  }
  await measureSides(sides, options.scenarios, options);
  return sides.map(({ figures }) => figures);
}

/** Of this checkout to the other one. */
function ratioOf(medians: readonly number[]): string[] {
  const [other, own] = medians.slice(-2);
  return other && own !== undefined ? [(own / other).toFixed(2)] : [];
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
