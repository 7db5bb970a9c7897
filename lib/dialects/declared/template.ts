// Texts with {words} in braces, such as `t={timestamp},v1={signature}`.

/** What a header may say: all of it is ASCII, whatever an event has in it. */
export const HEADER_WORDS = ['id', 'uuid', 'delivery_id', 'type', 'timestamp', 'iso_timestamp'] as const;
export const SIGNATURE_WORDS = [...HEADER_WORDS, 'signature'] as const;
export const SIGNED_WORDS = [...HEADER_WORDS, 'method', 'url', 'body'] as const;

type Words = Readonly<Record<string, string>>;

const MAX_WORDS = 12;

/** Text and words in turn: the odd ones are words. */
function partsOf(template: string): string[] {
  return template.split(/\{([a-z_]*)\}/);
}

/**
 * What is wrong with a template, as the rest of a sentence; undefined when it can be used.
 * @param needed a word that must be in it once
 */
export function templateProblem(template: string, words: readonly string[], needed?: string): string | undefined {
  const parts = partsOf(template);
  const used = parts.filter((_, index) => index % 2 === 1);
  const unknown = used.find((word) => !words.includes(word));
  if (unknown !== undefined)
    return `has the unknown word {${unknown}}: use ${words.map((word) => `{${word}}`).join(', ')}`;
  if (parts.some((text, index) => index % 2 === 0 && /[{}]/.test(text))) return 'has a brace that belongs to no word';
  if (used.length > MAX_WORDS) return `must have at most ${MAX_WORDS} words in braces`;
  if (needed !== undefined && used.filter((word) => word === needed).length !== 1)
    return `must have {${needed}} in it once`;
  return undefined;
}

/** Reads a template once, to be filled for each request. */
export function compileTemplate(template: string): (words: Words) => string {
  const parts = partsOf(template);
  return (words) => parts.map((part, index) => (index % 2 === 1 ? (words[part] ?? '') : part)).join('');
}
