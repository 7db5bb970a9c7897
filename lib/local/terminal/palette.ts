import { styleText } from 'node:util';

export type Paint = (text: string) => string;

/** The styles of terminal lines. Every line means the same without them. */
export interface Palette {
  bold: Paint;
  dim: Paint;
  green: Paint;
  yellow: Paint;
  red: Paint;
  cyan: Paint;
}

export function createPalette(inColour: boolean): Palette {
  const paint =
    (style: keyof Palette): Paint =>
    (text) =>
      inColour ? styleText(style, text, { validateStream: false }) : text;
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    green: paint('green'),
    yellow: paint('yellow'),
    red: paint('red'),
    cyan: paint('cyan'),
  };
}

/** Only on a terminal, and unless the user has turned colour off (no-color.org). */
export function wantsColour(stream: { isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}
