/** What a deployment decides about its console. */
export interface ConsoleSettings {
  /** Its address, to which links lead. Undefined where the deployment does not know it. */
  url?: string;
  /** Who may show it in a frame: `'self'` and origins. Empty: nobody. */
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
