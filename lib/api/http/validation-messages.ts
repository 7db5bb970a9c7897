import type * as z from 'zod';
import type { FieldError } from './invalid-request.ts';

const MAX_NAME_LENGTH = 100;
const MISSING = 'is missing: add it';

/**
 * What zod found, as messages in plain sentences: where, and what to do.
 * @param root what the whole is called (`The body`) where an issue is of no single field
 */
export function fieldErrors(issues: readonly z.core.$ZodIssue[], root: string): FieldError[] {
  return issues.flatMap((issue) => fromIssue(issue, [], root));
}

/** A message for each issue whose schema has none of its own: what follows the field's name in its sentence. */
export const describeIssue: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? MISSING : `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      if (issue.input === undefined) return MISSING;
      return `must be one of ${issue.values.join(', ')}`;
    case 'too_small':
      return bound(issue.origin, 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, 'at most', issue.maximum);
    case 'invalid_format':
      return `must be a valid ${issue.format}`;
    default:
      return 'has a value that is not allowed: see GET /v1/openapi.json';
  }
};

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'string') return `must have ${relation} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  if (origin === 'array') return `must have ${relation} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  return `must be ${relation} ${limit}`;
}

function fromIssue(issue: z.core.$ZodIssue, parents: readonly PropertyKey[], root: string): FieldError[] {
  const path = [...parents, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField([...path, key]));
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.find((branch) => branch.every(isOfBranch));
    if (meant) return meant.flatMap((inner) => fromIssue(inner, path, root));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map((inner) => fieldSentence(path, `has a name that ${inner.message}`, root));
  }
  return [fieldSentence(path, issue.message, root)];
}

/** Whether an issue lies inside a union's branch, so that the caller meant this branch: not about the choice of one. */
function isOfBranch(issue: z.core.$ZodIssue): boolean {
  return issue.code !== 'unrecognized_keys' && issue.path.length > 0 && issue.message !== MISSING;
}

export function unknownField(path: readonly PropertyKey[]): FieldError {
  const field = fieldName(path);
  return { field, message: `Unknown field \`${field}\`: remove it, or see GET /v1/openapi.json.` };
}

/** @param message what follows the field's name in its sentence, without the full stop */
export function fieldSentence(path: readonly PropertyKey[], message: string, root: string): FieldError {
  const field = fieldName(path);
  return { field, message: `${field === '' ? root : `\`${field}\``} ${message}.` };
}

/** `retry.delays[3]`; what a caller chose as a name is cut, and half a surrogate pair replaced. */
function fieldName(path: readonly PropertyKey[]): string {
  const name = path.reduce<string>((left, part) => {
    if (typeof part === 'number') return `${left}[${part}]`;
    return left === '' ? String(part) : `${left}.${String(part)}`;
  }, '');
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH).toWellFormed()}…` : name.toWellFormed();
}
