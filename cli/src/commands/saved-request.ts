import { Refusal } from '../errors/refusal.ts';

/** A request as somebody saved it. */
export interface SavedRequest {
  headers: Record<string, string>;
  /** The bytes as they came. */
  body: Buffer;
}

const HOW = 'It has to be headers, an empty line and the body, or JSON of {"headers": {…}, "body": "…"}.';

/**
 * Reads a request: as HTTP has it, with or without its first line, or as JSON.
 * @throws Refusal for anything else
 */
export function readRequest(bytes: Buffer): SavedRequest {
  const text = bytes.toString('utf8').trimStart();
  return text.startsWith('{') ? ofJson(text) : ofLines(bytes);
}

function ofJson(text: string): SavedRequest {
  const { headers, body, isBase64Encoded } = parsed(text);
  if (typeof headers !== 'object' || headers === null || body === undefined) throw new Refusal(`No request. ${HOW}`);
  if (typeof body !== 'string') {
    throw new Refusal('The body was parsed: a signature covers its text as it came, so "body" has to be that text.');
  }
  const pairs = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  // The event of a Lambda function says so of its body.
  return { headers: Object.fromEntries(pairs), body: Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8') };
}

function parsed(text: string): { headers?: unknown; body?: unknown; isBase64Encoded?: unknown } {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    throw new Refusal(`The file looks like JSON, and is not: ${(error as Error).message}. ${HOW}`);
  }
}

/** The body begins after the first empty line; `Content-Length` says where it ends. */
function ofLines(bytes: Buffer): SavedRequest {
  // In this encoding a character is a byte.
  const all = bytes.toString('latin1');
  const gap = /\r?\n\r?\n/.exec(all);
  if (!gap) throw new Refusal(`No request. ${HOW}`);
  const lines = all.slice(0, gap.index).split(/\r?\n/);
  const headers = Object.fromEntries(lines.flatMap(headerOf));
  const body = bytes.subarray(gap.index + gap[0].length);
  const length = headers['content-length'] ?? '';
  return { headers, body: /^\d+$/.test(length) ? body.subarray(0, Number(length)) : body };
}

/** The first line of a request is no header. */
function headerOf(line: string): [string, string][] {
  const [, name, value = ''] = /^([\w-]+):\s*(.*)$/.exec(line.trim()) ?? [];
  return name === undefined ? [] : [[name.toLowerCase(), value]];
}
