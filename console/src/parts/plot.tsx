import { useEffect, useRef } from 'preact/hooks';

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

/** A chart over time. What draws it is loaded when the first one is shown. @param label says in words what it shows */
export function Plot({ label, ...data }: PlotData & { label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const { times, series } = data;
  useEffect(() => {
    let isOver = false;
    let erase: (() => void) | undefined;
    void import('./draw-plot.ts').then(({ drawPlot }) => {
      if (!isOver && place.current) erase = drawPlot(place.current, data);
    });
    return () => {
      isOver = true;
      erase?.();
    };
  }, [JSON.stringify([times, series])]);
  return <div class="plot" role="group" aria-label={label} ref={place} />;
}
