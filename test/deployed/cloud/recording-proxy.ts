import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  Agent,
  createServer,
  request,
} from 'node:http';
import { type Listener, listen } from '../../../lib/local/service/listener.ts';
import { CallLedger, type CallRecord } from '../calls/call-ledger.ts';
import { type FunctionRequest, type Json, parseRequest } from '../calls/function-request.ts';
import { parseTrace } from '../calls/trace-header.ts';

/** Where {@link readRecord} asks; no service of AWS has such a path. */
const RECORD_PATH = '/_recorded';

/**
 * An endpoint of AWS that hands on to the emulator, and notes what functions ask.
 * @param emulatorPort on loopback
 */
export async function startRecordingProxy(emulatorPort: number): Promise<Listener> {
  const ledger = new CallLedger();
  const agent = new Agent({ keepAlive: true });
  const forward = (asked: Asked) => send(asked, emulatorPort, agent);
  const proxy = await listen(
    createServer((incoming, response) => {
      if (incoming.url === RECORD_PATH) response.end(JSON.stringify(ledger.record));
      else void answer(incoming, response, forward, (asked, answered) => note(ledger, asked, answered));
    }),
    '127.0.0.1',
    0,
  );
  // As the emulator names it in the URLs of queues: the SDK warns of another host at each call.
  const url = `http://localhost:${proxy.port}`;
  return { ...proxy, url, close: () => proxy.close().then(() => agent.destroy()) };
}

/** A server on a port of its own whose requests go to this host of the account, such as an API's. */
export async function openDoor(proxyUrl: string, host: string): Promise<Listener> {
  const agent = new Agent({ keepAlive: true });
  const port = Number(new URL(proxyUrl).port);
  const throughHost = (asked: Asked) => send({ ...asked, headers: { ...asked.headers, host } }, port, agent);
  const door = await listen(
    createServer((incoming, response) => void answer(incoming, response, throughHost, () => {})),
    '127.0.0.1',
    0,
  );
  return { ...door, close: () => door.close().then(() => agent.destroy()) };
}

/** What was noted so far by the proxy at this address. */
export async function readRecord(proxyUrl: string): Promise<CallRecord> {
  return (await (await fetch(`${proxyUrl}${RECORD_PATH}`)).json()) as CallRecord;
}

interface Asked {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  forward: (asked: Asked) => Promise<Answered>,
  onAnswer: (asked: Asked, answered: Answered) => void,
): Promise<void> {
  try {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const asked = { method, path, headers, body: await readAll(incoming) };
    const answered = await forward(asked);
    onAnswer(asked, answered);
    response.writeHead(answered.status, answered.headers).end(answered.body);
  } catch (error) {
    response.writeHead(502).end(String(error));
  }
}

function send({ method, path, headers, body }: Asked, port: number, agent: Agent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    // TLS would end here, and the policies of queues and of the bucket of CDK refuse anything else.
    const secured = { ...headers, 'x-forwarded-proto': 'https', 'content-length': String(body.length) };
    delete (secured as IncomingHttpHeaders)['transfer-encoding'];
    delete (secured as IncomingHttpHeaders).expect;
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers: secured, agent }, (incoming) => {
      readAll(incoming).then((bytes) => {
        const { 'transfer-encoding': _, ...kept } = incoming.headers;
        resolve({ status: incoming.statusCode ?? 502, headers: kept, body: bytes });
      }, reject);
    });
    outgoing.once('error', reject).end(body);
  });
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Notes a request that carries the trace of an invocation: a function made it. The answer is handed on whatever it is. */
function note(ledger: CallLedger, asked: Asked, { status, body }: Answered): void {
  const header = (name: string) => String(asked.headers[name] ?? '');
  const caller = parseTrace(header('x-amzn-trace-id'));
  const [, accessKeyId = ''] = /Credential=([^/]+)\//.exec(header('authorization')) ?? [];
  const what = `${asked.method} ${asked.path.split('?')[0]} ${header('x-amz-target')}`.trim();
  if (!caller) return ledger.noteUntraced(accessKeyId, what);
  ledger.noteCredentials(accessKeyId, caller.functionName);
  try {
    const [target, type] = [header('x-amz-target'), header('content-type')];
    const request = parseRequest({ path: asked.path, target, type, body: asked.body.toString() });
    if (!request) return ledger.noteUnknown(caller.functionName, what);
    const functionRequest: FunctionRequest = { caller, ...request, at: Date.now() };
    ledger.note(functionRequest, { status, body: parseAnswer(body.toString()) });
  } catch (error) {
    ledger.noteUnknown(caller.functionName, `${what} (${String(error)})`);
  }
}

/** Of an answer of the query protocol, which is XML, what went wrong. */
function parseAnswer(text: string): Json {
  if (!text.startsWith('<')) return JSON.parse(text || '{}');
  const [, code] = /<Code>(.*?)<\/Code>/.exec(text) ?? [];
  const [, message] = /<Message>(.*?)<\/Message>/.exec(text) ?? [];
  return { __type: code, message };
}
