/** English knows one and many. A language with more forms has its own function here. */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}
