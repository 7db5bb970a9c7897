/** A call about the session itself. @param credential its code or its token: never in a URL, never stored */
export function call(path: string, method: 'GET' | 'POST', credential: string, baseUrl: string): Promise<Response> {
  return fetch(`${baseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${credential}` },
    credentials: 'omit',
    cache: 'no-store',
  });
}
