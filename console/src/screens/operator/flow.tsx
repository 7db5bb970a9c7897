import type { OpsOverview } from '@postrider/sdk';
import type { ComponentChildren } from 'preact';
import { Ago } from '../../parts/time.tsx';
import { LANGUAGE, t } from '../../texts/index.ts';
import { type Today, useToday } from './today.ts';

const words = t.operator.overview;
const number = new Intl.NumberFormat(LANGUAGE);
const share = new Intl.NumberFormat(LANGUAGE, { style: 'percent', maximumFractionDigits: 1 });

/** From left to right: what comes in, what is tried, what arrives, what waits, what was given up. */
export function Flow({ overview }: { overview: OpsOverview }) {
  const today = useToday();
  const { queues, oldest_due_at } = overview;
  return (
    <section class="card flow num" aria-label={words.flow}>
      <Step title={words.accepted} big={shown(today?.events)}>
        {today?.eventsPerMinute !== undefined && words.events(rate(today.eventsPerMinute))}
      </Step>
      <Step title={words.attempts} big={shown(today?.attempts)}>
        {today?.attemptsPerMinute === undefined
          ? words.firstInLine(queues.deliveries.visible)
          : words.perMinute(rate(today.attemptsPerMinute))}
      </Step>
      <Step title={words.delivered} big={deliveredShare(today)} tone="good">
        {today && number.format(today.delivered)}
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

/** Of what ended. */
function deliveredShare(today: Today | undefined): string {
  if (!today) return '…';
  const ended = today.delivered + today.exhausted + today.abandoned;
  return ended === 0 ? '–' : share.format(today.delivered / ended);
}
