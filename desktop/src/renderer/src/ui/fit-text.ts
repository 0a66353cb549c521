/**
 * Cuts a text to a width before it is drawn. `text-overflow` would do the same, but every clipping box slows down each
 * change of the page, and a board has hundreds.
 */
export function fit(text: string, width: number, { size, weight }: Type): string {
  const room = width / size;
  const advance = advancesOf(weight);
  const ellipsis = advance('…');
  let used = 0;
  let prefix = '';
  let cut = '';
  for (const letter of text) {
    used += advance(letter);
    if (used > room) return cut && `${cut.trimEnd()}…`;
    prefix += letter;
    if (used + ellipsis <= room) cut = prefix;
  }
  return text;
}

/** Returns the first text that fits completely; empty if none does. */
export const firstFitting = (texts: readonly string[], width: number, type: Type): string =>
  texts.find((text) => widthOf(text, type) <= width) ?? '';

/** Returns the approximate width of a text. */
export function widthOf(text: string, { size, weight }: Type): number {
  const advance = advancesOf(weight);
  let sum = 0;
  for (const letter of text) sum += advance(letter);
  return sum * size;
}

export type Type = { size: number; weight: number };

/** The width of an average letter in ems, used if nothing can be measured. */
const averageAdvance = 0.56;
const measuredSize = 100;

const advancesByWeight = new Map<number, (letter: string) => number>();

/** Returns a function that measures a letter in ems of the console's font. Ignores kerning, which only makes pairs narrower. */
function advancesOf(weight: number): (letter: string) => number {
  const before = advancesByWeight.get(weight);
  if (before) return before;
  const advances = new Map<string, number>();
  const context = document.createElement('canvas').getContext('2d');
  if (context) context.font = `${weight} ${measuredSize}px ${getComputedStyle(document.body).fontFamily}`;
  const advance = (letter: string) => {
    const found = advances.get(letter);
    if (found !== undefined) return found;
    // The board uses tabular figures: all digits and the hyphen have the same width.
    const width =
      context?.measureText(/[\d-]/.test(letter) ? '0' : letter).width ?? averageAdvance * measuredSize;
    advances.set(letter, width / measuredSize);
    return width / measuredSize;
  };
  advancesByWeight.set(weight, advance);
  return advance;
}
