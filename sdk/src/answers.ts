import type { Problem } from './api-types.ts';
import { ApiError } from './errors.ts';

/** What came is JSON or not, but nothing that the API answers. */
export const NOT_OURS = 'The answer is not that of Postrider. Check `baseUrl`.';

const headers = new WeakMap<object, Headers>();

/**
 * The headers of the answer that an object came in: `etag` of an endpoint, `x-request-id`, `ratelimit`.
 * @returns undefined for what no call answered
 */
export function headersOf(answer: object): Headers | undefined {
  return headers.get(answer);
}

/** What a successful answer says; undefined where it says nothing (204). @throws ApiError where it is not JSON */
export async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) {
    throw new ApiError(unexplained(response, NOT_OURS), about(response));
  }
  headers.set(value, response.headers);
  return value;
}

/** Why a call failed: the problem of its answer, or what can be said of an answer that has none. */
export async function readProblem(response: Response): Promise<ApiError> {
  const text = await response.text();
  const value = parsed(text);
  const problem = isProblem(value) ? value : unexplained(response, text.slice(0, 200) || 'The answer says no more.');
  return new ApiError(problem, about(response));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is Problem {
  const { type, detail, status, errors = [] } = (value ?? {}) as Partial<Record<keyof Problem, unknown>>;
  return typeof type === 'string' && typeof detail === 'string' && typeof status === 'number' && Array.isArray(errors);
}

function unexplained({ status, statusText }: Response, detail: string): Problem {
  return { type: '/problems/unexplained', title: statusText, status, detail };
}

function about({ headers: of }: Response) {
  return { requestId: of.get('x-request-id') ?? undefined, retryAfterSeconds: secondsOf(of.get('retry-after')) };
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, 10.2.3). */
function secondsOf(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
