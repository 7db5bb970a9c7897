import { createHash } from 'node:crypto';

/** Letters, digits and punctuation of ASCII, without spaces (Amazon SQS API Reference: SendMessage, MessageGroupId). */
const VALID = /^[\x21-\x7e]{1,128}$/;

/** A group as SQS takes it: itself, or its hash. Only fairness depends on it. */
export function messageGroupId(group: string): string {
  return VALID.test(group) ? group : createHash('sha256').update(group).digest('base64url');
}
