import { RequestError } from '../../domain/errors.ts';
import { parseExactJson, surveyJson } from '../../domain/exact-json.ts';
import { InvalidRequest } from './invalid-request.ts';
import { findJsonFaults } from './json-faults.ts';
import { shapeOf } from './json-shape.ts';

/** Deeper values could not be written again without exhausting the stack. */
const MAX_DEPTH = 100;
/** The body and the list, around each part. */
const LEVELS_AROUND_PARTS = 2;

/** Fields that are passed on as they are: any member name is theirs, and numbers keep their exact value. */
export const OPAQUE_FIELDS: readonly string[] = ['data', 'trace', 'filter', 'example'];
/** Fields whose numbers keep their exact value: those, and JSON Schemas, whose member names are looked at. */
const EXACT_FIELDS: readonly string[] = [...OPAQUE_FIELDS, 'schema'];

type Fields = Record<string, unknown>;

/**
 * Parses a body. A number in an opaque field or a schema that a double would change becomes a raw JSON value
 * (lib/domain/exact-json.ts).
 * @param listOfParts a field whose entries are read one by one: a faulty entry is replaced by its InvalidRequest
 * @throws RequestError `invalid-json`, `too-deep`, `invalid-request`
 */
export function bodyValue(text: string, listOfParts?: string): unknown {
  const value = parseJson(text);
  const survey = surveyJson(text);
  const shape = shapeOf(value);
  if (listOfParts === undefined) refuseDepth(shape.depth);
  if (shape.isFaulty || shape.members !== survey.members) refuseFaults(text, value, listOfParts);
  if (survey.hasHardNumbers) {
    refuseDepth(shape.depth - (listOfParts === undefined ? 0 : LEVELS_AROUND_PARTS));
    keepExactNumbers(value, parseExactJson(text, survey), listOfParts);
  }
  return value;
}

/** @throws RequestError `too-deep` */
export function refuseDepth(depth: number): void {
  if (depth <= MAX_DEPTH) return;
  throw new RequestError('too-deep', `The body is nested more than ${MAX_DEPTH} levels deep: flatten it.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RequestError(
      'invalid-json',
      `The body is not valid JSON: ${why.slice(0, 200).toWellFormed()}. Correct it.`,
    );
  }
}

function refuseFaults(text: string, value: unknown, listOfParts: string | undefined): void {
  const { whole, parts } = findJsonFaults(text, listOfParts);
  if (whole.length > 0) throw new InvalidRequest('body', whole);
  const entries = listOf(value, listOfParts);
  for (const [index, errors] of parts) entries[index] = new InvalidRequest('body', errors);
}

function keepExactNumbers(value: unknown, exact: unknown, listOfParts: string | undefined): void {
  const holders = listOfParts === undefined ? [value] : listOf(value, listOfParts);
  const exactHolders = listOfParts === undefined ? [exact] : listOf(exact, listOfParts);
  holders.forEach((holder, index) => {
    if (!isObject(holder) || holder instanceof Error) return;
    for (const name of EXACT_FIELDS) {
      if (Object.hasOwn(holder, name)) holder[name] = (exactHolders[index] as Fields)[name];
    }
  });
}

function listOf(value: unknown, name: string | undefined): unknown[] {
  const list = isObject(value) && name !== undefined ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
