import { expect, test } from 'vitest';
import { chatOf } from '../../console/src/screens/endpoint-form/own-secret.ts';
import { dialectOwning } from '../../lib/dialects/index.ts';

test.each([
  'https://hooks.slack.com/services/T0/B0/x',
  'https://HOOKS.slack.com/services/T0/B0/x',
  'https://hooks.slack.com:8443/services/T0/B0/x',
  'https://hooks.slack.com/workflows/T0',
  'https://hooks.slack.com.example.com/services/T0',
  'http://hooks.slack.com/services/T0/B0/x',
  'https://discord.com/api/webhooks/1/x',
  'https://discordapp.com/api/webhooks/1/x',
  'https://ptb.discord.com/api/webhooks/1/x',
  'https://canary.discord.com/api/webhooks/1/x',
  'https://discord.com/api/users',
  'https://discord.com.example.com/api/webhooks/1/x',
  'https://example.com/?to=https://discord.com/api/webhooks/1/x',
  'https://',
  'nonsense',
])('the form tells a chat by its URL as the service does: %s', (url) => {
  expect(chatOf(url)).toBe(dialectOwning(url));
});
