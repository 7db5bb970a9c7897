import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { listen } from '../service/listener.ts';
import { type Verification, verifyWebhook } from './verify-webhook.ts';

/** A webhook as it arrived. */
export interface ReceivedWebhook {
  path: string;
  /** In their order and spelling on the wire. */
  headers: [name: string, value: string][];
  /** `webhook-id`. */
  id: string;
  body: string;
  verification: Verification;
}

export interface DemoReceiverOptions {
  /** The endpoint's: `whsec_` and base64. */
  secret: string;
  /** 0 picks a free one. */
  port: number;
  /** The status code for the n-th verified request, counted from 1; default 200. */
  respond?: (nth: number) => number;
  onReceived?: (webhook: ReceivedWebhook) => void;
}

export interface DemoReceiver {
  /** Where it receives webhooks. */
  url: string;
  stop(): Promise<void>;
}

export const DEMO_PATH = '/demo';
const HOST = '127.0.0.1';
/** More than any event that the API accepts. */
const MAX_BODY_BYTES = 1024 * 1024;
const REQUEST_LIMIT_MS = 30_000;

/**
 * A receiver like a customer's: it verifies each request, and responds 401 to one that fails verification.
 * @throws PortInUseError
 */
export async function startDemoReceiver(options: DemoReceiverOptions): Promise<DemoReceiver> {
  let verified = 0;
  const server = createServer({ requestTimeout: REQUEST_LIMIT_MS }, (request, response) => {
    void receive(request, response, options.secret).then((webhook) => {
      if (!webhook) return;
      if (webhook.verification.ok) verified += 1;
      response.statusCode = webhook.verification.ok ? (options.respond?.(verified) ?? 200) : 401;
      response.end();
      options.onReceived?.(webhook);
    });
  });
  const listener = await listen(server, HOST, options.port);
  return { url: `${listener.url}${DEMO_PATH}`, stop: () => listener.close() };
}

/** Undefined for a request that ended early or was too large, which already has its response. */
async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
): Promise<ReceivedWebhook | undefined> {
  try {
    const body = await readAll(request);
    if (!body) {
      response.writeHead(413, { connection: 'close' }).end();
      return undefined;
    }
    return {
      path: request.url ?? '/',
      headers: pairsOf(request.rawHeaders),
      id: String(request.headers['webhook-id'] ?? ''),
      body: body.toString(),
      verification: verifyWebhook(secret, request.headers, body, Date.now()),
    };
  } catch {
    response.destroy();
    return undefined;
  }
}

/** Undefined when it is too large. */
async function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function pairsOf(rawHeaders: readonly string[]): [string, string][] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as [string, string]] : [],
  );
}
