import { expect, it } from 'vitest';

import { failureOf, SendFailure, timeoutFailure } from '../../../lib/adapters/http/send-failure.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';

function fault(code: string, message = 'internals: /var/task 10.1.2.3'): Error {
  return Object.assign(new Error(message), { code });
}

it.each([
  ['ECONNREFUSED', 'refused', 'connection refused'],
  ['ECONNRESET', 'reset', 'connection closed before the response was complete'],
  ['EPIPE', 'reset', 'connection closed before the response was complete'],
  ['ETIMEDOUT', 'timeout', 'the connection timed out'],
  ['EHOSTUNREACH', 'network', 'host unreachable'],
  ['ENETUNREACH', 'network', 'network unreachable'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', 'the certificate chain ends in a self-signed certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 'the certificate chain is incomplete'],
  ['CERT_SIGNATURE_FAILURE', 'tls', 'the certificate could not be verified'],
  ['INVALID_PURPOSE', 'tls', 'the certificate could not be verified'],
  ['INVALID_CA', 'tls', 'the certificate could not be verified'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls', 'the server asks for a client certificate'],
  ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'tls', 'the TLS handshake failed'],
  ['EADDRNOTAVAIL', 'network', 'the connection failed'],
  ['', 'network', 'the connection failed'],
])('%s is told as %s, without what Node said', (code, kind, message) => {
  expect(failureOf(fault(code))).toMatchObject({ kind, message });
});

it.each([['EMFILE'], ['ENFILE'], ['ENOBUFS'], ['ENOMEM']])('%s is a fault of ours, not of the endpoint', (code) => {
  expect(() => failureOf(fault(code))).toThrow(ServiceFault);
});

it('a failure stays what it is, and a fault of ours too', () => {
  const failure = new SendFailure('dns', 'host not found, or not public');
  expect(failureOf(failure)).toBe(failure);
  expect(() => failureOf(new ServiceFault('http'))).toThrow(ServiceFault);
});

it('a timeout says how long was waited, and for what', () => {
  expect(timeoutFailure(10_000, false)).toMatchObject({ kind: 'timeout', message: 'no response within 10 s' });
  expect(timeoutFailure(1500, true)).toMatchObject({ message: 'the response did not end within 1.5 s' });
});
