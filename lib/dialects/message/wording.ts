// What a message to people says about an event, before it is put into a chat's own format.

import type { Event } from '../../domain/event.ts';
import { parseExactJson } from '../../domain/exact-json.ts';
import { colourOf } from './outcome-colour.ts';

/** Words that are written in capitals. */
const CAPITALS = new Set(['api', 'html', 'http', 'id', 'ip', 'json', 'llm', 'pii', 'sms', 'sso', 'url', 'uuid']);
/** More of a value than any chat shows. */
const MAX_VALUE = 5000;
const MAX_LABEL = 300;
const MAX_LINK = 2000;

/** A line of a message: what it is about, and what it says. Neither is empty; both may have any characters. */
export interface Fact {
  label: string;
  value: string;
}

/** An event, as a message shows it. */
export interface Wording {
  /** `Task completed: Implement authentication`. */
  title: string;
  /** Of `data.url`, when that is an http or https URL. */
  link: string | undefined;
  facts: Fact[];
  /** For the eye: 0xRRGGBB. */
  colour: number;
}

/** @param maxFacts how many lines there is room for: no more are made */
export function wordingOf(event: Event, maxFacts: number): Wording {
  const data = parseExactJson(event.data);
  const fields = isObject(data) ? data : {};
  const [subjectName, subject] = subjectOf(fields);
  const title = subject === undefined ? titleOf(event.type) : `${titleOf(event.type)}: ${subject}`;
  const told = new Set(['url', 'status', ...(subjectName === undefined ? [] : [subjectName])]);
  const facts: Fact[] = [];
  add(facts, maxFacts, 'Project', event.project && (event.project.name ?? event.project.id));
  add(facts, maxFacts, 'Status', fields['status']);
  if (!isObject(data)) add(facts, maxFacts, 'Data', data);
  for (const [name, value] of Object.entries(fields)) {
    if (facts.length >= maxFacts) break;
    if (!told.has(name) || (name === 'url' && linkOf(value) === undefined)) addField(facts, maxFacts, name, value);
  }
  return { title, link: linkOf(fields['url']), facts, colour: colourOf(event.type, fields['status']) };
}

/** `agent.tier.changed` is "Agent tier changed". */
export function titleOf(type: string): string {
  return inWords(type) || type;
}

/** The name of what the event is about. */
function subjectOf(fields: Readonly<Record<string, unknown>>): [string, string] | [undefined, undefined] {
  for (const name of ['title', 'name']) {
    const value = fields[name];
    if (typeof value === 'string' && value.trim() !== '') return [name, head(value.trim(), MAX_LABEL)];
  }
  return [undefined, undefined];
}

/** An object's members are lines of their own, one level deep. */
function addField(facts: Fact[], max: number, name: string, value: unknown): void {
  if (!isObject(value)) return add(facts, max, labelOf(name), value);
  for (const [inner, member] of Object.entries(value)) {
    if (facts.length >= max) return;
    add(facts, max, labelOf(`${name} ${inner}`), member);
  }
}

function add(facts: Fact[], max: number, label: string, value: unknown): void {
  const text = textOf(value).trim();
  if (text !== '' && facts.length < max) facts.push({ label, value: text });
}

/** What has no value says nothing; lists of plain values are joined, anything deeper is JSON. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return head(value, MAX_VALUE);
  if (Array.isArray(value) && value.every(isPlain)) {
    return head(value.slice(0, MAX_VALUE).map(textOf).join(', '), MAX_VALUE);
  }
  return head(JSON.stringify(value), MAX_VALUE);
}

function isPlain(item: unknown): boolean {
  return typeof item !== 'object' || item === null || JSON.isRawJSON(item);
}

/** The beginning of a text, without half a character at its end. */
function head(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

function labelOf(name: string): string {
  const short = head(name, MAX_LABEL);
  return inWords(short) || short.trim() || 'Value';
}

/** `workflow_class` and `workflowClass` are "Workflow class". */
function inWords(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s._-]+/)
    .filter((word) => word !== '');
  const written = words.map((word) => (CAPITALS.has(word.toLowerCase()) ? word.toUpperCase() : word));
  const text = written.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function linkOf(value: unknown): string | undefined {
  const url = typeof value === 'string' && value.length <= MAX_LINK ? URL.parse(value) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.href.length > MAX_LINK) return undefined;
  return url.href;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}
