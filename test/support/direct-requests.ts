import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { Readable } from 'node:stream';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

type Handler = Extract<NonNullable<DynamoDBClientConfig['requestHandler']>, { handle: unknown }>;
type Request = Parameters<Handler['handle']>[0];
type Answer = Awaited<ReturnType<Handler['handle']>>;
type Signer = Extract<NonNullable<DynamoDBClientConfig['signer']>, { sign: unknown }>;

/**
 * For a client in the process of an emulator: calls its listener without sockets, and signs nothing, which together take
 * a third of the time of a request. The emulator looks for a signature, and does not verify it.
 */
export function directRequests(server: Server): DynamoDBClientConfig {
  const requestHandler: Handler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: (request: Request) => requestOf(server, request),
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy: () => {},
  } as Handler;
  return { requestHandler, signer: UNSIGNED };
}

const UNSIGNED = {
  sign: async (request: Request) => {
    request.headers['authorization'] = 'AWS4-HMAC-SHA256 Credential=test, SignedHeaders=host, Signature=none';
    request.headers['x-amz-date'] = '20260101T000000Z';
    return request;
  },
} as unknown as Signer;

function requestOf(server: Server, { method, path, headers, body }: Request): Promise<Answer> {
  return new Promise((resolve) => {
    const received: Record<string, string> = {};
    const answer = {
      statusCode: 200,
      setHeader: (name: string, value: unknown) => (received[name.toLowerCase()] = String(value)),
      end: (text: string) =>
        resolve({
          response: { statusCode: answer.statusCode, headers: received, body: Readable.from([Buffer.from(text)]) },
        } as Answer),
    };
    const asked = Object.assign(new EventEmitter(), { method, url: path, headers });
    server.emit('request', asked, answer);
    asked.emit('data', bytesOf(body as string | Uint8Array));
    asked.emit('end');
  });
}

/** The SDK's own Uint8Array warns of being read as text, which a copy of it by `Buffer.from` does. */
function bytesOf(body: string | Uint8Array): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
