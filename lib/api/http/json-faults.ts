import { type FieldError, MAX_ERRORS } from './invalid-request.ts';
import { isCleanText } from './json-shape.ts';
import { fieldSentence } from './validation-messages.ts';

/** What a JSON text says and no receiver would read as it was meant, by the part of the body that says it. */
export interface JsonFaults {
  whole: FieldError[];
  /** Of a list of parts, by their index. Field names begin within the part. */
  parts: Map<number, FieldError[]>;
}

interface Container {
  /** Undefined in a list. */
  names: Set<string> | undefined;
  /** The name or the index of what is being read. */
  at: string | number;
  /** Whether the next string is a member's name. */
  awaitsName: boolean;
}

type Report = (message: string) => void;

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\],:]/gs;

const TOO_LARGE = 'is a number that no double can hold: send it as a string';
const TWICE = 'is given twice: remove one';
const BAD_TEXT = 'has half of a surrogate pair or a NUL: send valid Unicode without NUL';

/**
 * Names that occur twice in an object, numbers beyond a double's range, and names and strings that are not clean text: at
 * most 20 in each part.
 * @param text valid JSON
 * @param listOfParts the field of the body whose entries are parts
 */
export function findJsonFaults(text: string, listOfParts?: string): JsonFaults {
  const faults: JsonFaults = { whole: [], parts: new Map() };
  const containers: Container[] = [];
  const report = (message: string) => addFault(faults, containers, message, listOfParts);
  for (const [token] of text.matchAll(TOKEN)) readToken(token, containers, report);
  return faults;
}

function addFault(faults: JsonFaults, containers: Container[], message: string, listOfParts: string | undefined): void {
  const [first, second] = containers;
  const index = first?.at === listOfParts && typeof second?.at === 'number' ? second.at : undefined;
  const known = index === undefined ? faults.whole : (faults.parts.get(index) ?? []);
  if (index !== undefined) faults.parts.set(index, known);
  if (known.length >= MAX_ERRORS) return;
  const path = containers.map(({ at }) => at).slice(index === undefined ? 0 : 2);
  known.push(fieldSentence(path, message, index === undefined ? 'The body' : 'The entry'));
}

function readToken(token: string, containers: Container[], report: Report): void {
  const container = containers.at(-1);
  if (token === '{') containers.push({ names: new Set(), at: '', awaitsName: true });
  else if (token === '[') containers.push({ names: undefined, at: 0, awaitsName: false });
  else if (token === '}' || token === ']') containers.pop();
  else if (token === ',') goOn(container);
  else if (token === ':') return;
  else if (token.startsWith('"')) readString(JSON.parse(token) as string, container, report);
  else if (!Number.isFinite(Number(token))) report(TOO_LARGE);
}

function goOn(container: Container | undefined): void {
  if (container?.names) container.awaitsName = true;
  else if (container) container.at = Number(container.at) + 1;
}

function readString(text: string, container: Container | undefined, report: Report): void {
  if (container?.awaitsName) {
    container.at = text;
    container.awaitsName = false;
    if (container.names?.has(text)) report(TWICE);
    container.names?.add(text);
  }
  if (!isCleanText(text)) report(BAD_TEXT);
}
