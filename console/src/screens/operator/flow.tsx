import type { OpsOverview } from '@postrider/sdk';
import type { ComponentChildren } from 'preact';
import { Ago } from '../../parts/time.tsx';
import { LANGUAGE, t } from '../../texts/index.ts';
import { duration } from '../../texts/times.ts';
import { p95Of } from './latency.ts';
import { type Today, useToday } from './today.ts';

const words = t.operator.overview;
const number = new Intl.NumberFormat(LANGUAGE);
const share = new Intl.NumberFormat(LANGUAGE, { style: 'percent', maximumFractionDigits: 1 });

/** From left to right: what comes in, how soon it is tried, what arrives, what waits, what was given up. */
export function Flow({ overview }: { overview: OpsOverview }) {
  const today = useToday();
  const { queues, oldest_due_at } = overview;
  return (
    <section class="card flow num" aria-label={words.flow}>
      <Step title={words.accepted} big={shown(today?.events)}>
        {today?.eventsPerMinute !== undefined && words.events(rate(today.eventsPerMinute))}
      </Step>
      <Step title={words.firstAttempt} big={today ? bound(p95Of(today.first_attempts)) : '…'}>
        <div>{words.p95}</div>
        <div>
          {today?.attemptsPerMinute === undefined
            ? words.firstInLine(queues.deliveries.visible)
            : words.attempts(rate(today.attemptsPerMinute), now(today))}
        </div>
      </Step>
      <Step title={words.delivered} big={deliveredShare(today)} tone="good">
        <div>{today && number.format(today.delivered)}</div>
        {today && today.requests.length > 0 && <div>{words.answered(bound(p95Of(today.requests)))}</div>}
      </Step>
      <Step title={words.retrying} big={number.format(waiting(queues.retries))} tone="wait">
        {oldest_due_at === null ? (
          words.nothingDue
        ) : (
          <>
            {words.oldestDue} <Ago at={oldest_due_at} />
          </>
        )}
      </Step>
      <Step title={words.exhausted} big={number.format(waiting(queues.exhausted))} tone="bad">
        {words.poison(waiting(queues.poison))}
      </Step>
      {today?.isCapped && <p class="faint capped">{words.cappedToday}</p>}
    </section>
  );
}

interface StepProps {
  title: string;
  big: string;
  tone?: 'good' | 'wait' | 'bad';
  children: ComponentChildren;
}

function Step({ title, big, tone, children }: StepProps) {
  return (
    <div>
      <h2 class="soft">{title}</h2>
      <div class={`big ${big === '0' ? 'faint' : (tone ?? '')}`}>{big}</div>
      <div class="faint">{children}</div>
    </div>
  );
}

const waiting = ({ visible, in_flight, delayed }: OpsOverview['queues']['retries']) => visible + in_flight + delayed;
const shown = (count: number | undefined) => (count === undefined ? '…' : number.format(count));
const rate = (perMinute: number) => number.format(Math.round(perMinute));

/** A latency is known up to the bound of its step. */
function bound(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms === Infinity ? words.longest : `≤ ${duration(ms)}`;
}

const now = ({ firstAttemptMs }: Today) => (firstAttemptMs === undefined ? undefined : bound(firstAttemptMs));

/** Of what ended. */
function deliveredShare(today: Today | undefined): string {
  if (!today) return '…';
  const ended = today.delivered + today.exhausted + today.abandoned;
  return ended === 0 ? '–' : share.format(today.delivered / ended);
}
