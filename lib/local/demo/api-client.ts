/** Calls the service's API over HTTP, like any client. */
export interface ApiClient {
  /** @throws Error with the problem's detail for any response but 2xx */
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
}

const TIMEOUT_MS = 10_000;

export function createApiClient({ url, apiKey }: { url: string; apiKey: string }): ApiClient {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const json = (await response.json()) as T & { detail?: string };
    if (!response.ok) throw new Error(`${method} ${path} failed with ${response.status}: ${json.detail ?? ''}`);
    return json;
  }

  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
  };
}
