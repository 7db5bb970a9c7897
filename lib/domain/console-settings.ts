/** What a deployment decides for its console. */
export interface ConsoleSettings {
  /** Its address, with a slash at its end; absent: nobody has said it. */
  url?: string;
  /** Who may show it in a frame, as the directive `frame-ancestors` of a CSP has it; empty: nobody. */
  frameAncestors: readonly string[];
}

export const DEFAULT_CONSOLE: ConsoleSettings = { frameAncestors: ["'self'"] };

/** What the console reads when it starts, from `config.json` beside it. */
export interface ConsoleConfig {
  /** The address that the API's paths are below, relative to the console's. */
  api: string;
  /** The address of the API's reference, relative to the console's; null: this deployment has none. */
  docs: string | null;
}

/** `https://app.example.com`, `https://*.example.com:8443`. A name of this machine, or an address, may be without TLS. */
const ANCESTOR = /^(https?):\/\/((?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?$/;
const OWN_MACHINE = /^(?:localhost|127\.0\.0\.1)$/;

/**
 * Reads who may show the console in a frame. They stand in a header as they are, so each is an origin and nothing else.
 * @param names origins; `self` and `none` are the words of the header, without their quotation marks
 * @throws RangeError that names the first one that is neither
 */
export function readFrameAncestors(names: readonly string[]): readonly string[] {
  if (names.length === 1 && names[0] === 'none') return [];
  return names.map((name) => {
    if (name === 'self' || name === "'self'") return "'self'";
    const [, scheme, host = ''] = ANCESTOR.exec(name) ?? [];
    if (scheme === 'https' || (scheme === 'http' && OWN_MACHINE.test(host))) return name;
    throw new RangeError(
      `${JSON.stringify(name)} can't frame the console: give an origin such as https://app.example.com`,
    );
  });
}

/** What follows the name of a setting in a sentence. */
export const CONSOLE_URL_RULE = 'must be an https: address that ends in a slash, such as https://hooks.example.com/';

/** May a console be there? On this machine it may be an http: address. */
export function isConsoleUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.search || url.hash || url.username || !text.endsWith('/')) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOCAL.has(url.hostname));
}

const LOCAL: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
