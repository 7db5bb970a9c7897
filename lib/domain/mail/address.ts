import * as z from 'zod';

/** RFC 5321, 4.5.3.1: octets of a path, less its angle brackets; of what is before the `@`. */
export const MAX_ADDRESS = 254;
const MAX_LOCAL_PART = 64;

/**
 * Reads the one address that a mail goes to. A domain in another script becomes its ASCII form (IDNA); what is before the
 * `@` must be ASCII, because Amazon SES sends to no other ("SendEmail", `Destination`).
 * @returns undefined: it is none, or more than one, or has a name or a comment beside it
 */
export function readMailAddress(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, at), asciiDomain(text.slice(at + 1))];
  const address = `${local}@${domain}`;
  const hasLegalParts = local.length <= MAX_LOCAL_PART && !/^\.|\.\.|\.$/.test(local) && isPublicName(domain);
  return at > 0 && address.length <= MAX_ADDRESS && hasLegalParts && z.regexes.html5Email.test(address)
    ? address
    : undefined;
}

/** Empty for what is no domain: a URL reads the rest of one otherwise. */
function asciiDomain(domain: string): string {
  return /[\s/?#@:\\%[\]]/.test(domain) ? '' : (URL.parse(`http://${domain}`)?.hostname ?? '');
}

/** Not `localhost`, and no IP address. */
function isPublicName(domain: string): boolean {
  return /\.[^.]*[a-z][^.]*$/.test(domain);
}
