/**
 * As much of a text as fits into a limit once it is written, with an ellipsis in place of the rest. No character and no
 * escape sequence is cut in two.
 * @param limit UTF-16 code units of the written text, at least 1
 * @param write writes a character, escaped where it must be
 */
export function fit(text: string, limit: number, write: (character: string) => string = (same) => same): string {
  let [written, upToEllipsis] = ['', ''];
  for (const character of text) {
    const next = written + write(character);
    if (next.length > limit) return `${upToEllipsis}…`;
    if (next.length < limit) upToEllipsis = next;
    written = next;
  }
  return written;
}
