/** What a walk over a JSON value finds. */
export interface JsonShape {
  /** How deep lists and objects are nested: 0 for a single value. */
  depth: number;
  /** All members of all objects. */
  members: number;
  /** Whether it has a string that {@link isCleanText} refuses, or a number beyond a double's range. */
  isFaulty: boolean;
}

/** Valid Unicode without NUL: the text that every store and every receiver's language can keep. */
export function isCleanText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Without recursion, because the value may be as deep as the body is long. */
export function shapeOf(value: unknown): JsonShape {
  const shape: JsonShape = { depth: 0, members: 0, isFaulty: false };
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    shape.depth = depth;
    const below: unknown[] = [];
    for (const item of level) look(item, shape, below);
    level = below;
  }
  return shape;
}

function look(item: unknown, shape: JsonShape, below: unknown[]): void {
  if (typeof item === 'string') shape.isFaulty ||= !isCleanText(item);
  else if (typeof item === 'number') shape.isFaulty ||= !Number.isFinite(item);
  else if (Array.isArray(item)) for (const part of item) below.push(part);
  else if (typeof item === 'object' && item !== null && !JSON.isRawJSON(item)) {
    for (const [name, member] of Object.entries(item)) {
      shape.members += 1;
      shape.isFaulty ||= !isCleanText(name);
      below.push(member);
    }
  }
}
