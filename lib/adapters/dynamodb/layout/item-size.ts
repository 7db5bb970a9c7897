const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

/**
 * The size of an item in bytes, as DynamoDB counts it (Developer Guide: DynamoDB item sizes and formats). A write costs one
 * unit per KB, rounded up.
 * @param item an item or a map in one; undefined members count nothing, because they are not stored
 */
export function itemSize(item: Readonly<Record<string, unknown>>): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + memberSize(name, value), 0);
}

function memberSize(name: string, value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(name) + valueSize(value);
}

function valueSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(`${Math.abs(value)}`.length / 2) + 1 + (value < 0 ? 1 : 0);
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, each) => sum + ELEMENT_BYTES + valueSize(each), CONTAINER_BYTES);
  }
  if (typeof value !== 'object' || value === null) return 1;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return members.reduce((sum, [name, member]) => sum + ELEMENT_BYTES + memberSize(name, member), CONTAINER_BYTES);
}
