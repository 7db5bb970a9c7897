import { generate } from 'selfsigned';

/** A certificate and its private key, as PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

const DAY = 24 * 3_600_000;

/** What a test wants of a certificate. */
interface Wish {
  names?: readonly string[];
  addresses?: readonly string[];
  /** Milliseconds since the Unix epoch. */
  from?: number;
  until?: number;
  /** Who signs it; default: itself. */
  issuer?: Certificate;
}

/** A certificate that can be an authority too; default: for localhost, hooks.example and 127.0.0.1, valid today. */
export async function makeCertificate({
  names = ['localhost', 'hooks.example'],
  addresses = ['127.0.0.1'],
  from = Date.now() - DAY,
  until = Date.now() + DAY,
  issuer,
}: Wish = {}): Promise<Certificate> {
  const altNames = [
    ...names.map((value) => ({ type: 2 as const, value })),
    ...addresses.map((ip) => ({ type: 7 as const, ip })),
  ];
  const made = await generate([{ name: 'commonName', value: `Postrider test ${crypto.randomUUID()}` }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(from),
    notAfterDate: new Date(until),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames },
    ],
    ...(issuer && { ca: issuer }),
  });
  return { key: made.private, cert: made.cert };
}
