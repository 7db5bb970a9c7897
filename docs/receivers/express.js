// A receiver of webhooks with Express, for the dialects vem and ventryx: a signature over the body as it came, so the
// route must get the raw body and not what a JSON parser made of it.
//
//   DIALECT=ventryx SECRET=… PORT=3000 node express.js

import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';

const { DIALECT = 'vem', SECRET = '', PORT = '3000' } = process.env;
const HEADER = { vem: 'X-Webhook-Signature', ventryx: 'Ventryx-Signature' }[DIALECT];

const app = express();

app.post('/', express.raw({ type: 'application/json' }), (req, res) => {
  const expected = Buffer.from(`sha256=${createHmac('sha256', SECRET).update(req.body).digest('hex')}`);
  const received = Buffer.from(req.get(HEADER) ?? '');
  if (received.length !== expected.length || !timingSafeEqual(received, expected)) return res.sendStatus(401);
  const event = JSON.parse(req.body);
  console.log(event.event ?? event.type);
  return res.sendStatus(200);
});

const server = app.listen(Number(PORT), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
