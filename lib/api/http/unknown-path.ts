import { RequestError } from '../../domain/errors.ts';

export function unknownPath(): RequestError {
  return new RequestError('unknown-path', 'There is nothing at this path: see GET /v1/openapi.json for all paths.');
}
