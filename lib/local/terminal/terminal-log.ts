import type { Log, LogFields } from '../../ports/log.ts';
import { describeCause } from '../../adapters/log/describe-cause.ts';
import type { LogOutput } from '../../adapters/log/json-log.ts';
import type { Paint, Palette } from './palette.ts';
import { clockTime, plainText, shortUrl, waitText } from './wording.ts';

const TARGET_WIDTH = 30;
const TYPE_WIDTH = 20;
const RESULT_WIDTH = 16;
const DURATION_WIDTH = 9;

export interface TerminalLogOptions extends LogOutput {
  palette: Palette;
}

/** The text of one line, without its time. */
type LineText = (fields: LogFields, palette: Palette, now: number) => string;

/** A log of one readable line per event. */
export function createTerminalLog({ clock, write, palette }: TerminalLogOptions): Log {
  const line = (text: string) => write(`${palette.dim(clockTime(clock.now()))}  ${text}`);
  const textOf = (event: string, fields: LogFields) =>
    (LINE_TEXTS[event] ?? plainEventText(event))(fields, palette, clock.now());
  return {
    info: (event, fields = {}) => line(textOf(event, fields)),
    warn: (event, fields = {}) => line(palette.yellow(textOf(event, fields))),
    error(event, cause, fields = {}) {
      const { message, stack } = describeCause(cause);
      line(`${palette.red(`${event}: ${plainText(message)}`)}${factsOf(fields)}`);
      for (const trace of stack?.split('\n').slice(1) ?? []) write(palette.dim(`          ${plainText(trace).trim()}`));
    },
  };
}

/** What a job counts, where that is not deliveries. */
const PROCESSED: Readonly<Record<string, string>> = {
  'erase-tenant': 'items removed',
  reseal: 'endpoints sealed anew',
  'status-alert': 'endpoints told',
  'exhausted-alert': 'deliveries told of',
};

const LINE_TEXTS: Readonly<Record<string, LineText>> = {
  'ingest.accepted': ({ event_id, event_type, deliveries }, { dim }) =>
    `accepted ${text(event_id)}  ${text(event_type)} ${dim('→')} ${endpointCount(Number(deliveries))}`,
  'ingest.repeated': ({ event_id, event_type }) => `repeated ${text(event_id)}  ${text(event_type)}`,
  'dispatch.attempt': attemptText,
  'dispatch.held': (fields, { cyan }) => deliveryText(fields, cyan('held'), 'its endpoint is paused'),
  'dispatch.abandoned': (fields, { red }) => deliveryText(fields, red(text(fields.status)), ''),
  'service.warning': ({ warning }) => text(warning),
  'endpoint.tripped': ({ endpoint_id }) =>
    `${text(endpoint_id)} is paused after too many consecutive failures; its deliveries are held until it resumes`,
  'endpoint.gone': ({ endpoint_id }) => `${text(endpoint_id)} is disabled: it responded with 410`,
  'endpoint.slow': ({ endpoint_id }) =>
    `${text(endpoint_id)} is slow: its deliveries now wait apart from those of other endpoints`,
  'endpoint.quick': ({ endpoint_id }) => `${text(endpoint_id)} is quick again`,
  'sweep.done': ({ due, resent }, { dim }) => dim(`sweep: ${text(due)} due, ${text(resent)} resent`),
  'job.done': ({ job_id, kind, processed }, { dim }) =>
    dim(`${text(job_id)} (${text(kind)}) is done: ${text(processed)} ${PROCESSED[text(kind)] ?? 'deliveries'}`),
  'job.alert': ({ event_type, endpoint_id, deliveries }, { dim }) =>
    dim(`alert ${text(event_type)} of ${text(endpoint_id)} → ${endpointCount(Number(deliveries))}`),
  'api.refused': ({ route, status, code }, { dim }) => dim(`refused ${text(route)} with ${text(status)} ${text(code)}`),
};

/** `12:00:01  127.0.0.1:3000/hooks   task.completed   delivered 200   12 ms` */
function attemptText(fields: LogFields, palette: Palette, now: number): string {
  const { url, event_type, status, status_code, error_kind, duration_ms } = fields;
  const target = column(shortUrl(text(url)), TARGET_WIDTH);
  const type = column(text(event_type), TYPE_WIDTH);
  const result = column(`${text(status)} ${text(status_code ?? error_kind)}`, RESULT_WIDTH);
  const duration = `${text(duration_ms)} ms`.padStart(DURATION_WIDTH);
  const paint = paintOf(text(status), palette);
  return `${target} ${type} ${paint(result)} ${palette.dim(duration)}${palette.dim(sequel(fields, now))}`;
}

function sequel({ status, next_retry_at, attempt_number }: LogFields, now: number): string {
  const attempt = Number(attempt_number) > 1 ? `  attempt ${text(attempt_number)}` : '';
  if (typeof next_retry_at === 'string' && status !== 'delivered') {
    return `${attempt}  next in ${waitText(Date.parse(next_retry_at) - now)}`;
  }
  return status === 'exhausted' ? `${attempt}  → dead letters` : attempt;
}

function paintOf(status: string, { green, yellow, red, cyan }: Palette): Paint {
  if (status === 'delivered') return green;
  if (status === 'held') return cyan;
  return status === 'exhausted' || status === 'abandoned' ? red : yellow;
}

function deliveryText({ endpoint_id, event_type }: LogFields, result: string, why: string): string {
  return `${column(text(endpoint_id), TARGET_WIDTH)} ${column(text(event_type), TYPE_WIDTH)} ${result}  ${why}`.trimEnd();
}

function endpointCount(count: number): string {
  if (count === 0) return 'no endpoint subscribes to it';
  return count === 1 ? '1 endpoint' : `${count} endpoints`;
}

function plainEventText(event: string): LineText {
  return (fields) => `${event}${factsOf(fields)}`;
}

function factsOf(fields: LogFields): string {
  const facts = Object.entries(fields).filter(([, value]) => value !== undefined);
  return facts.length === 0 ? '' : `  ${facts.map(([name, value]) => `${name}=${text(value)}`).join(' ')}`;
}

/** Pads or cuts a text to a width. Ids are never cut, because people copy them. */
function column(value: string, width: number): string {
  const isId = /^[a-z]+_[0-9A-Z]{26}/.test(value);
  return value.length <= width || isId ? value.padEnd(width) : `${value.slice(0, width - 1)}…`;
}

function text(value: LogFields[string]): string {
  return value === undefined ? '' : plainText(String(value));
}
