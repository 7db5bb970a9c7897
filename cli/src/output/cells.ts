/** A value for people, in one line. A text of a customer's can't move the cursor, nor turn what follows around. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return clean(value.join(', '));
  return clean(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** Control characters, line ends, and what changes the direction of text. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export function clean(text: string): string {
  return text.replaceAll(UNSEEN, '·');
}

/** Cut to a width, with a sign that it was. */
export function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

export function widthOf(text: string): number {
  return [...text].length;
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
