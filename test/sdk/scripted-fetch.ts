import { Postrider, type PostriderOptions } from '@postrider/sdk';

export interface SentRequest {
  method: string;
  url: URL;
  headers: Headers;
  body: string;
}

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | Error | 'silence';

const OPTIONS = { apiKey: 'prk_test', baseUrl: 'https://postrider.test' };

/** A client whose requests get the given answers, in their order; the last one again and again. */
export function scriptedClient(answers: readonly Answer[], options: Partial<PostriderOptions> = {}) {
  const sent: SentRequest[] = [];
  const client = new Postrider({
    ...OPTIONS,
    async fetch(input, init) {
      const { method = '', body, headers, signal } = init ?? {};
      sent.push({ method, url: new URL(String(input)), headers: new Headers(headers), body: String(body ?? '') });
      const answer = answers[Math.min(sent.length, answers.length) - 1] ?? {};
      if (answer instanceof Error) throw answer;
      if (answer === 'silence') return untilAborted(signal);
      const text = answer.body === undefined ? null : JSON.stringify(answer.body);
      return new Response(text, { status: answer.status ?? 200, headers: answer.headers ?? {} });
    },
    ...options,
  });
  return { client, sent };
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
}

/** A problem as the service answers it. */
export function problemOf(status: number, code: string, headers: Record<string, string> = {}) {
  return {
    status,
    headers,
    body: { type: `/problems/${code}`, title: 'x', status, detail: 'Do this.', instance: '/requests/r1' },
  };
}
