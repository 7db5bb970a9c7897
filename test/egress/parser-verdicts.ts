import http from 'node:http';
import { Duplex } from 'node:stream';

import { ResponseReader } from '../../lib/adapters/http/response-reader.ts';
import { SendFailure } from '../../lib/adapters/http/send-failure.ts';

/** What becomes of a response that is followed by the end of its connection. */
export type Verdict = 'invalid' | 'cut off' | { status: number; retryAfter: string | undefined; body: string };

export interface OwnVerdict {
  verdict: Verdict;
  /** Characters that it looked at: of a whole response no more than its own. */
  read: number;
}

/** Of our own reader. @param pieces latin1, as they arrive */
export function ownVerdict(pieces: readonly string[]): OwnVerdict {
  let [body, read] = ['', 0];
  const reader = new ResponseReader((piece) => (body += piece.toString('latin1')));
  try {
    for (const piece of pieces) {
      if (reader.isWhole) break;
      read += piece.length;
      read -= reader.read(Buffer.from(piece, 'latin1'));
    }
  } catch (error) {
    if (error instanceof SendFailure) return { verdict: 'invalid', read };
    throw error;
  }
  if (!reader.end() || !reader.head) return { verdict: 'cut off', read };
  const { statusCode: status, retryAfter } = reader.head;
  return { verdict: { status, retryAfter, body }, read };
}

/** Of Node's own client, which parses with llhttp. */
export function verdictOfNode(pieces: readonly string[]): Promise<Verdict> {
  return new Promise((resolve) => {
    const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    const request = http.request({ method: 'POST', createConnection: () => socket });
    request.on('upgrade', () => resolve('invalid'));
    request.on('error', (error) => resolve(told(error)));
    request.on('response', (response) => {
      let body = '';
      const { statusCode: status = 0 } = response;
      const answer = () => resolve({ status, retryAfter: response.headers['retry-after'], body });
      response.setEncoding('latin1').on('data', (text: string) => (body += text));
      response.on('end', answer);
      // What follows a whole response is not its fault.
      response.on('error', (error) => (response.complete ? answer() : resolve(told(error))));
      if (status === 204 || status === 304) answer();
    });
    request.end('{}');
    for (const piece of pieces) socket.push(Buffer.from(piece, 'latin1'));
    socket.push(null);
  });
}

function told(error: unknown): Verdict {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE' ? 'invalid' : 'cut off';
}
