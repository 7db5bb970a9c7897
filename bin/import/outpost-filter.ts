type Members = Record<string, unknown>;

/**
 * Outpost's filter is on an event with its `data` in it, and Postrider's on the data.
 * @returns undefined when it asks for anything but the data
 */
export function filterOnData(filter: unknown): Members | undefined {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) return undefined;
  const conditions = Object.entries(filter).map(([name, operand]) => conditionOnData(name, operand));
  if (!conditions.every((one) => one !== undefined)) return undefined;
  const [only] = conditions;
  return only && conditions.length === 1 ? only : { $and: conditions };
}

function conditionOnData(name: string, operand: unknown): Members | undefined {
  if (name === 'data') return isMembers(operand) ? operand : undefined;
  if (name === '$not') {
    const inner = filterOnData(operand);
    return inner && { $not: inner };
  }
  if ((name !== '$and' && name !== '$or') || !Array.isArray(operand)) return undefined;
  const inner = operand.map(filterOnData);
  return inner.every((one) => one !== undefined) ? { [name]: inner } : undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
