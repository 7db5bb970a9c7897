// Before uPlot.
import './known-language.ts';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { LANGUAGE } from '../texts/index.ts';
import { shortTime } from '../texts/times.ts';
import type { PlotData } from './plot-data.ts';

const HEIGHT = 130;
const VALUES_WIDTH = 56;
const TIMES_HEIGHT = 30;
/** Steps of a scale that counts. */
const WHOLE = [1, 10, 100, 1000, 10_000, 100_000].flatMap((one) => [one, 2 * one, 5 * one]);
/** A share of a step, and pixels at most; from where the step begins. */
const BAR: UPlot.Series.BarsPathBuilderOpts = { size: [0.7, 24], align: 1 };

/** Draws it, and again when the page turns dark or light. @returns what takes it away */
export function drawPlot(place: HTMLElement, data: PlotData): () => void {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const draw = () => new UPlot(optionsOf(place, data), valuesOf(data), place);
  let plot = draw();
  const drawAgain = () => {
    plot.destroy();
    plot = draw();
  };
  const resizing = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT }));
  scheme.addEventListener('change', drawAgain);
  resizing.observe(place);
  return () => {
    scheme.removeEventListener('change', drawAgain);
    resizing.disconnect();
    plot.destroy();
  };
}

function optionsOf(place: HTMLElement, { kind, times, series, written }: PlotData): UPlot.Options {
  const colour = (name: string) => colourOf(place, name);
  const font = `12px ${getComputedStyle(place).fontFamily}`;
  const axis = { stroke: colour('--soft'), font, grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const bars = kind === 'bars' ? UPlot.paths.bars?.(BAR) : undefined;
  return {
    width: place.clientWidth,
    height: HEIGHT,
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { range: () => rangeOf(times) }, y: { range: (_, __, max) => [0, Math.max(max, 1) * 1.1] } },
    axes: [
      { ...axis, size: TIMES_HEIGHT, values: (_, ticks) => ticks.map((tick) => dateOf(tick, times)) },
      {
        ...axis,
        size: VALUES_WIDTH,
        ...(kind === 'bars' && { incrs: WHOLE }),
        values: (_, values) => values.map(written),
      },
    ],
    series: [
      { value: (_, seconds) => (seconds === null ? '' : shortTime(seconds * 1000, Date.now())) },
      ...series.map(({ label, colour: name, values }) => ({
        label,
        stroke: colour(name),
        width: 1.5,
        points: { show: kind === 'lines', size: 4, fill: colour(name) },
        ...(bars && { paths: bars, fill: colour(name) }),
        // Of a stack, its own part.
        value: (_: UPlot, __: number, ___: number, at: number | null) => {
          const value = at === null ? undefined : values[at];
          return typeof value === 'number' ? written(value) : '';
        },
      })),
    ],
  };
}

/** Bars are drawn one over the other, the whole stack first. */
function valuesOf({ kind, times, series }: PlotData): UPlot.AlignedData {
  const heightAt = (first: number, at: number) =>
    series.slice(first).reduce((sum, { values }) => sum + (values[at] ?? 0), 0);
  const columns = series.map(({ values }, first) =>
    kind === 'lines' ? [...values] : values.map((_, at) => heightAt(first, at) || null),
  );
  return [[...times], ...columns];
}

/** The last step has its length, too. */
function rangeOf(times: readonly number[]): [number, number] {
  const [first = 0, second = first + 1] = times;
  return [first, (times.at(-1) ?? first) + second - first];
}

const TIME = new Intl.DateTimeFormat(LANGUAGE, { hour: '2-digit', minute: '2-digit', hour12: false });
const DAY = new Intl.DateTimeFormat(LANGUAGE, { day: 'numeric', month: 'short' });
const TWO_DAYS = 2 * 86_400;

function dateOf(seconds: number, times: readonly number[]): string {
  const [first, last] = rangeOf(times);
  return (last - first < TWO_DAYS ? TIME : DAY).format(seconds * 1000);
}

/** A canvas knows no variables, and no `light-dark()`. */
function colourOf(place: HTMLElement, name: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
