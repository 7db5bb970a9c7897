import type { Endpoint } from '../../domain/endpoint.ts';
import { RequestError } from '../../domain/errors.ts';

/** Whether an endpoint of this generation is the one that the caller has seen. */
export type Expected = (generation: number) => boolean;

/** @throws RequestError `precondition-failed` when it is another one */
export function refuseUnexpected({ generation }: Endpoint, isExpected: Expected | undefined): void {
  if (isExpected && !isExpected(generation)) throw changedSince();
}

export function changedSince(): RequestError {
  return new RequestError('precondition-failed', 'The endpoint was changed since: get it, and decide again.');
}
