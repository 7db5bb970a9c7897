// What a chart shows.

export interface PlotSeries {
  label: string;
  /** A colour of tokens.css, such as `--good`. */
  colour: string;
  values: readonly (number | null)[];
}

export interface PlotData {
  /** Bars that stand on each other, or lines. */
  kind: 'bars' | 'lines';
  /** Seconds since the Unix epoch: where each step begins. */
  times: readonly number[];
  series: readonly PlotSeries[];
  /** A value as people read it. */
  written: (value: number) => string;
}
