import { RequestError } from '../../domain/errors.ts';

export interface FieldError {
  /** Where it is: `events[0]`, `project.id`, a query parameter's or a header's name. */
  field: string;
  /** A sentence that says what to do. */
  message: string;
}

/** The part of a request that was read. */
export type RequestPart = 'body' | 'query' | 'headers';

/** A refusal lists no more fields. */
export const MAX_ERRORS = 20;

/** Fields of the request that the caller must change: code `invalid-request`. */
export class InvalidRequest extends RequestError {
  override name = 'InvalidRequest';
  readonly part: RequestPart;
  readonly errors: readonly FieldError[];

  constructor(part: RequestPart, errors: readonly FieldError[]) {
    super('invalid-request', summarize(errors));
    this.part = part;
    this.errors = errors.slice(0, MAX_ERRORS);
  }
}

function summarize(errors: readonly FieldError[]): string {
  const first = errors[0]?.message ?? 'The request can’t be read; see GET /v1/openapi.json.';
  return errors.length > 1 ? `${first} (And ${errors.length - 1} more: see errors.)` : first;
}
