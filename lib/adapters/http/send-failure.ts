import { ServiceFault } from '../../domain/errors.ts';
import type { ErrorKind } from '../../domain/outcome.ts';

/**
 * Why there was no usable response. The customer reads the message: short, and without our internals. What only the
 * operator may know has a field of its own.
 */
export class SendFailure extends Error {
  override name = 'SendFailure';
  readonly kind: ErrorKind;
  readonly refusedAddress: string | undefined;

  constructor(kind: ErrorKind, message: string, refusedAddress?: string) {
    super(message);
    this.kind = kind;
    this.refusedAddress = refusedAddress;
  }
}

const BY_CODE: Readonly<Record<string, [ErrorKind, string]>> = {
  ECONNREFUSED: ['refused', 'connection refused'],
  ECONNRESET: ['reset', 'connection closed before the response was complete'],
  EPIPE: ['reset', 'connection closed before the response was complete'],
  ETIMEDOUT: ['timeout', 'the connection timed out'],
  EHOSTUNREACH: ['network', 'host unreachable'],
  ENETUNREACH: ['network', 'network unreachable'],
  CERT_HAS_EXPIRED: ['tls', 'the certificate has expired'],
  CERT_NOT_YET_VALID: ['tls', 'the certificate is not valid yet'],
  CERT_REVOKED: ['tls', 'the certificate was revoked'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['tls', 'the certificate is self-signed'],
  SELF_SIGNED_CERT_IN_CHAIN: ['tls', 'the certificate chain ends in a self-signed certificate'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['tls', 'the certificate chain is incomplete'],
  UNABLE_TO_GET_ISSUER_CERT: ['tls', 'the certificate chain is incomplete'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['tls', 'the issuer of the certificate is not trusted'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls', 'the certificate is for another host name'],
  ERR_INVALID_CHAR: ['network', 'a header of the request cannot be sent'],
  ERR_INVALID_HTTP_TOKEN: ['network', 'a header of the request cannot be sent'],
};

/** OpenSSL's reasons. Node puts them in the code (`ERR_SSL_…`) or, for `EPROTO`, in the message only. */
const BY_TLS_REASON: Readonly<Record<string, string>> = {
  'wrong version number': 'the server does not speak TLS on this port',
  'packet length too long': 'the server does not speak TLS on this port',
  'tlsv1 alert protocol version': 'the server does not offer TLS 1.2 or newer',
  'unsupported protocol': 'the server does not offer TLS 1.2 or newer',
  'tlsv13 alert certificate required': 'the server asks for a client certificate',
};

const OURS = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

/** Has this machine run out of something, which is not the customer's fault? */
export function isOurs(error: unknown): boolean {
  return OURS.has(codeOf(error));
}

/**
 * Translates what a connection, a TLS handshake or the check of a header reported.
 * @throws ServiceFault when the fault is this machine's: it must cost no customer an attempt (invariant 3)
 */
export function failureOf(error: unknown): SendFailure {
  if (error instanceof SendFailure) return error;
  if (error instanceof ServiceFault) throw error;
  const code = codeOf(error);
  if (isOurs(error))
    throw new ServiceFault('http: this machine has no resources for another connection', { cause: error });
  const known = BY_CODE[code];
  if (known) return new SendFailure(...known);
  if (isVerifyCode(code)) return new SendFailure('tls', 'the certificate could not be verified');
  if (/^(ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code)) {
    return new SendFailure('tls', BY_TLS_REASON[tlsReason(error, code)] ?? 'the TLS handshake failed');
  }
  return new SendFailure('network', 'the connection failed');
}

export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

function tlsReason(error: unknown, code: string): string {
  if (code !== 'EPROTO') return code.replace('ERR_SSL_', '').replaceAll('_', ' ').toLowerCase();
  return (error instanceof Error && /:SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1]) || '';
}

/** OpenSSL's other names for a certificate that failed verification (`X509_V_ERR_…` without its prefix). */
function isVerifyCode(code: string): boolean {
  return /(^|_)(CERT|CA|CRL|CHAIN|PURPOSE|ISSUER|HOSTNAME)(_|$)/.test(code) && !code.startsWith('ERR_');
}

export function timeoutFailure(timeoutMs: number, responded: boolean): SendFailure {
  const seconds = `${timeoutMs / 1000} s`;
  return new SendFailure(
    'timeout',
    responded ? `the response did not end within ${seconds}` : `no response within ${seconds}`,
  );
}
