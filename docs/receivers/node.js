// A receiver of webhooks in Node, without packages. Take the function of your dialect, and the server around it.
//
//   DIALECT=vem SECRET=… PORT=3000 node node.js
//
// VELLUM_URL: of the dialect vellum, the URL exactly as it was registered.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

/** Compares in constant time. */
function equal(received, expected) {
  const [a, b] = [Buffer.from(received ?? ''), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function isFresh(timestamp, seconds) {
  return Math.abs(Date.now() / 1000 - Number(timestamp)) <= seconds;
}

const hex = (secret, ...parts) => {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
};

// Each is given the headers by lower-case name, the body as the bytes that came, and the secret as it was shown.
export const verify = {
  standard(headers, body, secret) {
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers;
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
    return isFresh(timestamp, 300) && signatures.split(' ').some((one) => equal(one, `v1,${expected}`));
  },

  vem(headers, body, secret) {
    return equal(headers['x-webhook-signature'], `sha256=${hex(secret, body)}`);
  },

  veriswarm(headers, body, secret) {
    const timestamp = headers['x-veriswarm-timestamp'];
    return isFresh(timestamp, 300) && equal(headers['x-veriswarm-signature'], hex(secret, `${timestamp}.`, body));
  },

  vellum(headers, body, secret, url = process.env.VELLUM_URL) {
    const timestamp = headers['x-vellum-timestamp'];
    const expected = hex(secret, `${timestamp}\nPOST\n${url}\n`, body);
    return isFresh(timestamp, 60) && equal(headers['x-vellum-signature'], expected);
  },

  ventryx(headers, body, secret) {
    return equal(headers['ventryx-signature'], `sha256=${hex(secret, body)}`);
  },
};

const { DIALECT = 'standard', SECRET = '', PORT = '3000' } = process.env;

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const isGenuine = verify[DIALECT](request.headers, Buffer.concat(chunks), SECRET);
  response.writeHead(isGenuine ? 204 : 401).end();
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
