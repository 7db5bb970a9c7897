import { bytesOf } from './message.ts';
import { type Handler, type ReceiverOptions, receive } from './receiver.ts';

/** What it needs of an event of API Gateway (payload 1.0 and 2.0), a function URL or a load balancer. */
export interface LambdaRequest {
  headers?: Readonly<Record<string, string | undefined>> | null;
  multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
  body?: string | null;
  isBase64Encoded?: boolean;
}

export interface LambdaResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * A handler of AWS Lambda: `export const handler = lambdaHandler(options, onWebhook)`.
 *
 * The gateway passes the body as it came, or in base64; both are verified as the bytes that they were. A mapping template
 * that changes the body leaves nothing to verify: use a proxy integration.
 */
export function lambdaHandler<Events extends object = Record<string, unknown>>(
  options: ReceiverOptions,
  handler: Handler<Events>,
): (request: LambdaRequest) => Promise<LambdaResponse> {
  return async ({ headers: single, multiValueHeaders, body: text, isBase64Encoded }) => {
    const received = isBase64Encoded ? Uint8Array.from(atob(text ?? ''), (one) => one.charCodeAt(0)) : (text ?? '');
    const message = { headers: single ?? multiValueHeaders ?? {}, body: bytesOf(received) };
    const { status, headers, body } = await receive(() => message, options, handler);
    return { statusCode: status, headers, body };
  };
}
