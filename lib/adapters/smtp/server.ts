/** Where mails are handed over. */
export interface SmtpServer {
  host: string;
  port: number;
  /** TLS from the beginning. */
  secure: boolean;
  /** Send nothing, a password least of all, before STARTTLS. */
  requireTLS: boolean;
  auth?: { user: string; pass: string };
}

const SUBMISSION = 587;
const SUBMISSIONS = 465;
const ON_THIS_MACHINE = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/;

/**
 * Reads `smtp://name:password@host:587` or `smtps://…`; the name and password are percent-encoded, and may be absent.
 * @returns undefined: it is no such URL
 */
export function readSmtpUrl(text: string): SmtpServer | undefined {
  const url = URL.parse(text);
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return undefined;
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') return undefined;
  const secure = url.protocol === 'smtps:';
  const [user, pass] = [decoded(url.username), decoded(url.password)];
  if (user === undefined || pass === undefined) return undefined;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? SUBMISSIONS : SUBMISSION),
    secure,
    requireTLS: !secure && !ON_THIS_MACHINE.test(url.hostname),
    ...(user !== '' && { auth: { user, pass } }),
  };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
