import { useEffect, useRef } from 'preact/hooks';
import type { PlotData } from './plot-data.ts';

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
