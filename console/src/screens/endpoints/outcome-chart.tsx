import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { useLoad } from '../../data/load.ts';
import { OF_DELIVERY } from '../../parts/pill.tsx';
import { Sparkline } from '../../parts/sparkline.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const BARS = 30;

/** How the newest deliveries of an endpoint ended. It is read once the row is seen: a list may have many. */
export function OutcomeChart({ id }: { id: string }) {
  const place = useRef<HTMLDivElement>(null);
  const isSeen = useSignal(false);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) isSeen.value = true;
    });
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div class="chart" ref={place}>
      {isSeen.value && <Newest id={id} />}
    </div>
  );
}

function Newest({ id }: { id: string }) {
  const read = useLoad((signal) => api().deliveries.list({ endpoint_id: id, limit: BARS }, { signal }).page(), id);
  if (!read.value) return null;
  const outcomes = read.value.data.toReversed().map(({ status }) => OF_DELIVERY[status]);
  const delivered = outcomes.filter((tone) => tone === 'good').length;
  return <Sparkline outcomes={outcomes} length={BARS} label={t.endpoints.chart(outcomes.length, delivered)} />;
}
