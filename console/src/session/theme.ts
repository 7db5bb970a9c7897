/** How a platform makes the page its own; null: as it is. */
export interface Theme {
  name: string | null;
  /** An image as a `data:` URL. */
  logo: string | null;
  /** `#rrggbb` */
  accent: string | null;
  /** In pixels. */
  radius: number | null;
  /** Names of fonts that the reader's machine has. Nothing is loaded. */
  font: string | null;
  /** null: as the reader's system has it. */
  mode: 'light' | 'dark' | null;
}

/** Of the page's root. */
interface Style {
  setProperty: (name: string, value: string) => void;
}

type Rgb = readonly [number, number, number];

/** The surfaces that the accent has to be read on: see tokens.css. */
const LIGHT = { surface: '#f3f1ed', toward: [0, 0, 0] as Rgb };
const DARK = { surface: '#1d2340', toward: [255, 255, 255] as Rgb };
/** WCAG 2.2 asks for 4.5. The rest is for what rounding and the wash below a link take away. */
const ENOUGH = 4.7;

/** Takes away what the theme of another session has set. */
export function clearTheme(style: { removeProperty: (name: string) => void }): void {
  for (const name of SET) style.removeProperty(name);
}

const SET = ['--accent', '--on-accent', '--accent-wash', '--radius', '--sans', 'color-scheme'];

/** Sets what the theme sets, and keeps the contrast: an accent that is too weak is darkened, or lightened at night. */
export function applyTheme({ accent, radius, font, mode }: Theme, style: Style): void {
  const colour = accent === null ? undefined : rgbOf(accent);
  if (colour) {
    const light = readable(colour, LIGHT);
    const dark = readable(colour, DARK);
    style.setProperty('--accent', `light-dark(${hex(light)}, ${hex(dark)})`);
    style.setProperty('--on-accent', `light-dark(${inkOn(light)}, ${inkOn(dark)})`);
    style.setProperty('--accent-wash', `light-dark(${hex(mix(light, [255, 255, 255], 0.92))}, #1d2340)`);
  }
  if (mode !== null) style.setProperty('color-scheme', mode);
  if (radius !== null) style.setProperty('--radius', `${radius}px`);
  // The browser drops a value that is no list of fonts.
  if (font !== null) style.setProperty('--sans', `${font}, ui-sans-serif, system-ui, sans-serif`);
}

/** The nearest colour on the way to black (or white) that can be read on the surface. */
function readable(colour: Rgb, { surface, toward }: typeof LIGHT): Rgb {
  const ground = rgbOf(surface) as Rgb;
  let found = colour;
  for (let part = 0; part <= 1 && contrast(found, ground) < ENOUGH; part += 0.04) found = mix(colour, toward, part);
  return found;
}

function inkOn(colour: Rgb): string {
  return contrast(colour, [255, 255, 255]) >= ENOUGH ? '#ffffff' : '#0e0f12';
}

function rgbOf(text: string): Rgb | undefined {
  const parts = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(text)?.slice(1);
  return parts?.map((part) => Number.parseInt(part, 16)) as unknown as Rgb | undefined;
}

function hex(colour: Rgb): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

function mix(from: Rgb, to: Rgb, part: number): Rgb {
  return from.map((one, at) => one + ((to[at] as number) - one) * part) as unknown as Rgb;
}

/** WCAG 2.2, contrast ratio. */
export function contrast(one: Rgb, other: Rgb): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
