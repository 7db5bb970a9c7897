import { useComputed } from '@preact/signals';
import { now } from '../data/now.ts';
import { t } from '../texts/index.ts';
import { ago, exactTime, shortTime } from '../texts/times.ts';

/** How long ago, or in how long; the exact time on hover. It counts by itself. */
export function Ago({ at }: { at: string | null }) {
  if (at === null) return <span class="faint">{t.never}</span>;
  return <Counting key={at} at={at} />;
}

function Counting({ at }: { at: string }) {
  const ms = Date.parse(at);
  // Drawn again only when the words change, and not each second.
  const words = useComputed(() => ago(ms, now.value));
  return (
    <time class="num" dateTime={at} title={exactTime(ms)}>
      {words}
    </time>
  );
}

/** When something is to happen: what is due and has not happened yet happens now. */
export function Due({ at }: { at: string }) {
  return <Coming key={at} at={at} />;
}

function Coming({ at }: { at: string }) {
  // Within the second in which the clock of the page goes on, `ago` would say that it has just happened.
  const isDue = useComputed(() => Date.parse(at) - now.value <= 1000);
  return isDue.value ? <span>{t.now}</span> : <Counting at={at} />;
}

/** The time itself; the whole date on hover. */
export function At({ at }: { at: string }) {
  const ms = Date.parse(at);
  return (
    <time class="num" dateTime={at} title={exactTime(ms)}>
      {shortTime(ms, Date.now())}
    </time>
  );
}
