/** `Unexpected token 'c', ..."a card's n"... is not valid JSON`, as V8 has it; a stack has more lines. */
const QUOTED_JSON = /(?:, )?(?:\.\.\.)?"[^]*"(?:\.\.\.)? is not valid JSON/;

/** What an error says, without the text that could not be read: V8 quotes it, and it may be a payload or a secret. */
export function unquoted(words: string): string {
  return words.replace(QUOTED_JSON, ': it is not valid JSON');
}
