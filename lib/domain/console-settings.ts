/** What a deployment decides for its console. */
export interface ConsoleSettings {
  /** Its address, with a slash at its end; absent: nobody has said it. */
  url?: string;
  /** Who may show it in a frame, as the directive `frame-ancestors` of a CSP has it. */
  frameAncestors: readonly string[];
}

export const DEFAULT_CONSOLE: ConsoleSettings = { frameAncestors: ["'self'"] };

/** What follows the name of a setting in a sentence. */
export const CONSOLE_URL_RULE = 'must be an https: address that ends in a slash, such as https://hooks.example.com/';

/** May a console be there? On this machine it may be an http: address. */
export function isConsoleUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.search || url.hash || url.username || !text.endsWith('/')) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOCAL.has(url.hostname));
}

const LOCAL: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
