import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError, which commander prints as one line */
export function readCount(text: string): number {
  const count = Number(text);
  if (/^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError('It must be a whole number from 1.');
}
