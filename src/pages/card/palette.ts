/** WCAG AA for text. */
const LEAST_CONTRAST = 4.5;
const LIGHT = '#fffdf9';
const DARK = '#1f140c';
/** How much darker the colour gets at each try, until something can be read on it. */
const STEP = 0.96;

export interface Palette {
  /** The card's own colour, `#rrggbb`. */
  card: string;
  /** Text and stamps on it, at a contrast of 4.5 or more. */
  onCard: string;
  /** The rings of stamps that are still to come: `onCard`, seen through. */
  onCardLine: string;
}

/** 45 %, as the end of a colour: browsers of before 2023 cannot mix two. */
const SEE_THROUGH = '73';

/** The owner's colour as a card that can be read: some colours are too middling for any text, and get darker. */
export function computePalette(colour: string): Palette {
  let channels = readChannels(colour);
  for (;;) {
    const card = writeColour(channels);
    const onCard = computeContrast(card, LIGHT) >= LEAST_CONTRAST ? LIGHT : DARK;
    if (computeContrast(card, onCard) >= LEAST_CONTRAST)
      return { card, onCard, onCardLine: `${onCard}${SEE_THROUGH}` };
    channels = channels.map((channel) => channel * STEP);
  }
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function computeContrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [computeLuminance(one), computeLuminance(other)].toSorted(
    (a, b) => a - b,
  );
  return (lighter + 0.05) / (darker + 0.05);
}

function computeLuminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = readChannels(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function readChannels(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}

function writeColour(channels: readonly number[]): string {
  return `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
}
