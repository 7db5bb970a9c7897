export interface PageSecurity {
  /** Who may show the page in a frame: `'self'` and origins. Empty: nobody. */
  frameAncestors: readonly string[];
  /** Refuses strings where the page would make code or HTML of them. A page whose scripts need such strings can't have it. */
  trustedTypes: boolean;
}

/**
 * The security headers of a page that this service serves. Its scripts, styles and requests are the service's own, so
 * that a page with a key in it sends that key nowhere else.
 */
export function pageHeaders({ frameAncestors, trustedTypes }: PageSecurity): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${frameAncestors.length === 0 ? "'none'" : frameAncestors.join(' ')}`,
      ...(trustedTypes ? ["require-trusted-types-for 'script'", "trusted-types 'none'"] : []),
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...frameOptions(frameAncestors),
  };
}

/** For browsers that do not know `frame-ancestors`. The header can't name other origins, so then it is left out. */
function frameOptions(frameAncestors: readonly string[]): Record<string, string> {
  if (frameAncestors.length === 0) return { 'x-frame-options': 'DENY' };
  return frameAncestors.every((one) => one === "'self'") ? { 'x-frame-options': 'SAMEORIGIN' } : {};
}
