// JSON whose numbers keep the value that they were written with. JSON.parse reads a number as a double, so it changes
// 12345678901234567890 and 0.1000000000000000055. Here such a number becomes a raw JSON value, which JSON.stringify
// writes as it was read (ECMAScript: JSON.parse source text access).

declare global {
  interface JSON {
    /** A value that JSON.stringify writes as this text: a number, a string or a literal. */
    rawJSON(text: string): object;
    isRawJSON(value: unknown): boolean;
    parse(text: string, reviver: (name: string, value: unknown, context: { source?: string }) => unknown): unknown;
  }
}

/** What a pass over the text finds, which is much cheaper than parsing. */
export interface JsonSurvey {
  /** All members of all objects, the repeated ones included. */
  members: number;
  /** Whether a double may change a number: it has more than 15 characters, or an exponent. */
  hasHardNumbers: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const LETTER_E = 0x65;
const LOWER_CASE = 0x20;
/** A decimal of this many digits has a double of its own (IEEE 754: DBL_DIG). */
const SAFE_LENGTH = 15;

/** @param text valid JSON */
export function surveyJson(text: string): JsonSurvey {
  let members = 0;
  let hasHardNumbers = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) members += 1;
    else if (isDigit(code)) {
      const start = at;
      for (let next = code; isInNumber(next); next = text.charCodeAt(at)) {
        hasHardNumbers ||= (next | LOWER_CASE) === LETTER_E;
        at += 1;
      }
      hasHardNumbers ||= at - start > SAFE_LENGTH;
      at -= 1;
    }
  }
  return { members, hasHardNumbers };
}

/** The index of the quote that closes the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let escapes = end;
    while (text.charCodeAt(escapes - 1) === BACKSLASH) escapes -= 1;
    if ((end - escapes) % 2 === 0) return end;
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Digits, `.`, `+`, `-`, `e`, `E`. */
function isInNumber(code: number): boolean {
  return isDigit(code) || code === 0x2e || code === 0x2b || code === 0x2d || (code | LOWER_CASE) === LETTER_E;
}

/**
 * The value of a JSON text, with the numbers that a double would change or spell otherwise as raw JSON values.
 * @param text valid JSON, not nested deeper than the stack allows (some thousand levels)
 */
export function parseExactJson(text: string, { hasHardNumbers } = surveyJson(text)): unknown {
  return hasHardNumbers ? JSON.parse(text, keepNumber) : (JSON.parse(text) as unknown);
}

/** Node 20, on which the command line runs too, tells no source: then numbers are doubles. */
function keepNumber(_: string, value: unknown, { source }: { source?: string } = {}): unknown {
  return typeof value === 'number' && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value;
}
