/** A mail to one address, from the address that the deployment sends from. */
export interface Mail {
  /** The same each time that this mail is sent: receivers can drop a repetition by it. Letters, digits and `_`. */
  id: string;
  /** As `readMailAddress` returned it. */
  to: string;
  /** One line. */
  subject: string;
  text: string;
  html: string;
}

/** What a mail says: paragraphs, lists of facts, and links. */
export type Block =
  string | { facts: readonly (readonly [name: string, value: string])[] } | { link: string; label: string };

const MAX_SUBJECT = 120;
const MAX_LINE = 300;

/** Control characters, line breaks of any kind, and those that turn the direction of what follows. */
const NOT_IN_A_LINE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu;

/** What others wrote, for a header or a line of a mail: it begins no new one, and looks like nothing else. */
export function oneLine(text: string, max = MAX_LINE): string {
  const line = text.replaceAll(NOT_IN_A_LINE, ' ').trim();
  return line.length > max ? `${line.slice(0, max - 1).toWellFormed()}…` : line.toWellFormed();
}

/** Writes a mail as plain text and as HTML of the simplest kind: no image, no style, nothing to load. */
export function composeMail(to: Pick<Mail, 'id' | 'to'>, subject: string, blocks: readonly Block[]): Mail {
  return {
    ...to,
    subject: oneLine(subject, MAX_SUBJECT),
    text: `${blocks.map(textOf).join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="en"><body>\n${blocks.map(htmlOf).join('\n')}\n</body></html>\n`,
  };
}

function textOf(block: Block): string {
  if (typeof block === 'string') return block;
  if ('link' in block) return `${block.label}: ${block.link}`;
  return block.facts.map(([name, value]) => `${name}: ${oneLine(value)}`).join('\n');
}

function htmlOf(block: Block): string {
  if (typeof block === 'string') return `<p>${escaped(block)}</p>`;
  if ('link' in block) return `<p><a href="${escaped(block.link)}">${escaped(block.label)}</a></p>`;
  const rows = block.facts.map(([name, value]) => `<li>${escaped(name)}: ${escaped(oneLine(value))}</li>`);
  return `<ul>\n${rows.join('\n')}\n</ul>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
