import { Refusal, printable } from '../refusal.ts';

/** The line of an object in a file, and what the object is called. */
export function placeOf(line: number, id?: string): string {
  return id === undefined ? `Line ${line}` : `Line ${line}, ${printable(id)}`;
}

/** Whose it is. What is there and no text is refused: it would belong to another tenant than is meant. */
export function tenantOf(value: unknown, place: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new Refusal(`${place}: the id of its tenant must be a text.`);
}

/** @throws Refusal for what is neither true nor false: an endpoint that was off would be on */
export function flagOf(name: string, value: unknown, place: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw new Refusal(`${place}: \`${name}\` must be true or false.`);
}

/** The integer id that customers know an endpoint by. */
export function numberOf(value: unknown, place: string): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) > 0)) return value as number | undefined;
  throw new Refusal(`${place}: \`number\` must be a positive whole number.`);
}

export function isAny(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
