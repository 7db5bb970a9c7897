import * as z from 'zod';
import { text } from '../../schemas/text.ts';

const MAX_NAME = 60;
/** The logo is in every answer about its session. */
const MAX_LOGO = 8192;
const MAX_RADIUS = 24;
const MAX_FONT = 100;

/** The console may load pictures from data URLs and from its own address only. */
const LOGO = /^data:image\/(?:svg\+xml|png|webp|jpeg);base64,[A-Za-z0-9+/]+={0,2}$/;

const FAMILY = `(?:"[A-Za-z0-9 -]+"|'[A-Za-z0-9 -]+'|-?[A-Za-z][A-Za-z0-9-]*(?: [A-Za-z][A-Za-z0-9-]*)*)`;
/** A browser drops the whole list for one that it can't read, such as a quotation mark that stays open. */
const FONTS = new RegExp(`^${FAMILY}(?:, ?${FAMILY})*$`);

const name = text(MAX_NAME).meta({ description: 'The name of your product.', examples: ['Acme Hooks'] });
const logo = z
  .string()
  .max(MAX_LOGO)
  .regex(LOGO, 'must be a data URL in base64 of an SVG, PNG, WebP or JPEG picture')
  .meta({ description: 'Your logo, as a data URL.', examples: ['data:image/png;base64,iVBORw0KGgo='] });
const accent = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #0a7d5c')
  .meta({ description: 'Of buttons and links. The console keeps its contrast.', examples: ['#0a7d5c'] });
const radius = z
  .int()
  .min(0)
  .max(MAX_RADIUS)
  .meta({ description: 'Of corners, in pixels.', examples: [8] });
const font = z
  .string()
  .max(MAX_FONT)
  .regex(FONTS, 'must be a list of font families, such as Inter, system-ui')
  .meta({ description: 'Font families that the reader’s machine may have.', examples: ['Inter, system-ui'] });

const mode = z.enum(['light', 'dark']).meta({
  id: 'PortalThemeMode',
  description: 'Light or dark, as your product is. The default is that of the reader’s system.',
  examples: ['light'],
});

const FIELDS = { name, logo, accent, radius, font, mode };

export const portalThemeGiven = z
  .strictObject(FIELDS)
  .partial()
  .meta({
    id: 'PortalThemeGiven',
    description: 'How the console looks in your product.',
    examples: [{ name: 'Acme Hooks', accent: '#0a7d5c', radius: 8 }],
  });

/** As it was given, or null. */
function orNull<T extends z.ZodType>(field: T) {
  const { id: _, ...meta } = { ...field.meta() };
  return field.nullable().meta(meta);
}

export const portalTheme = z
  .object({
    name: orNull(name),
    logo: orNull(logo),
    accent: orNull(accent),
    radius: orNull(radius),
    font: orNull(font),
    mode: orNull(mode),
  })
  .meta({
    id: 'PortalTheme',
    description: 'How the console looks for a session; null: as it does by itself.',
    examples: [{ name: 'Acme Hooks', logo: null, accent: '#0a7d5c', radius: 8, font: null, mode: null }],
  });
