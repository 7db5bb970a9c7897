import measured from 'fast-string-truncated-width';

/** A value for people, in one line. A text of a customer's can't move the cursor, nor turn what follows around. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return clean(value.join(', '));
  return clean(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** Control characters, line ends, and what changes the direction of text: a terminal would obey them. */
export const OBEYED = /[\p{Cc}\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export function clean(text: string): string {
  return text.replaceAll(OBEYED, '·');
}

/** A message in one line, wherever its parts come from. */
export function oneLine(text: string): string {
  return clean(text.trim().replaceAll(/\s*[\r\n\u2028\u2029]\s*/g, ' '));
}

const PLAIN = /^[\x20-\x7e]*$/;

/** Cut to a width in columns, with a sign that it was. What makes one character together stays together. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const room = Math.max(0, width - 1);
  if (PLAIN.test(text)) return `${text.slice(0, room)}…`;
  let [kept, used] = ['', 0];
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += widthOf(segment);
    if (used > room) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** How many columns of a terminal a text takes: those of Chinese, Japanese and Korean, and emoji, take two each. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : measured(text).width;
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
