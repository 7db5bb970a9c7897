import { cell, clean, cut, padded } from '../output/cells.ts';
import type { Context } from '../context.ts';
import { json } from '../output/json.ts';
import type { Style } from '../terminal/style.ts';
import type { Forwarded } from './forward.ts';

const TYPE_WIDTH = 24;
const NARROW = 80;

/** One delivery, as the output format has it. */
export function writeForwarded(context: Context, forwarded: Forwarded): void {
  const { stdout } = context.terminal;
  const { output } = context.flags;
  if (output === 'table') stdout.write(`${lineOf(forwarded, context.style)}\n`);
  else if (output === 'quiet') stdout.write(`${clean(forwarded.delivery.event_id)}\n`);
  else stdout.write(`${json(jsonOf(forwarded))}\n`);
}

/** At most 80 columns; an error gets a line of its own. */
export function lineOf(forwarded: Forwarded, style: Style): string {
  const { delivery, at, durationMs, error } = forwarded;
  const type = padded(cut(clean(delivery.event_type), TYPE_WIDTH), TYPE_WIDTH);
  const took = durationMs === undefined ? '' : ` ${`${durationMs} ms`.padStart(8)}`;
  const line = `${style('faint', clockTime(at))}  ${type} ${clean(delivery.event_id)} ${statusOf(forwarded, style)}${took}`;
  return error === undefined ? line : `${line}\n          ${cut(clean(error), NARROW - 10)}`;
}

function statusOf({ statusCode, error, url }: Forwarded, style: Style): string {
  if (url === undefined) return style('faint', 'shown');
  if (error !== undefined || statusCode === undefined) return style('bad', 'none');
  return style(statusCode >= 200 && statusCode < 300 ? 'good' : 'bad', `${statusCode} `);
}

function jsonOf({ delivery, at, url, statusCode, durationMs, error }: Forwarded): object {
  const { delivery_id, event_id, event_type, test } = delivery;
  return {
    at: new Date(at).toISOString(),
    delivery_id,
    event_id,
    event_type,
    test,
    url: url ?? null,
    status_code: statusCode ?? null,
    duration_ms: durationMs ?? null,
    error: error ?? null,
  };
}

/** What was forwarded, and what came back: for whoever presses `d`. */
export function detailsOf({ delivery, url, statusCode, answer, error }: Forwarded, style: Style): string {
  const headers = Object.entries(delivery.headers).map(([name, value]) => `${clean(name)}: ${cell(value)}`);
  const back = error === undefined ? `${statusCode}${answer ? ` ${cell(answer)}` : ''}` : clean(error);
  return [
    style('strong', `POST ${url ?? '(nowhere)'}`),
    ...headers,
    '',
    cell(delivery.body),
    '',
    style('strong', url === undefined ? 'not forwarded' : `answered ${back}`),
    '',
  ].join('\n');
}

/** Hours, minutes and seconds here. */
export function clockTime(ms: number): string {
  const time = new Date(ms);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => `${part}`.padStart(2, '0')).join(':');
}
