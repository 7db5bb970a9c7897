/** Texts that were opened, by what they were opened from: up to `limit` of them; the next one begins anew. */
export class OpenedTexts {
  readonly #limit: number;
  readonly #texts = new Map<string, string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#texts.size;
  }

  /** @param open throws for what does not open, which is not remembered */
  textOf(sealed: string, context: string, open: () => string): string {
    // A sealed text has no space, so that no two of these names are the same.
    const name = `${sealed} ${context}`;
    const known = this.#texts.get(name);
    if (known !== undefined) return known;
    const text = open();
    if (this.#texts.size >= this.#limit) this.#texts.clear();
    this.#texts.set(name, text);
    return text;
  }
}
