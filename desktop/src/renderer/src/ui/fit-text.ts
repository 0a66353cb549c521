/**
 * Cuts a text to a width before it is drawn. `text-overflow` would do it too, but every clipping box costs the browser work
 * at each change of the page, and a board has hundreds.
 */
export function fit(text: string, width: number, { size, weight }: Type): string {
  const room = width / size;
  const advance = advancesOf(weight);
  const ellipsis = advance('…');
  let used = 0;
  let kept = '';
  let cut = '';
  for (const letter of text) {
    used += advance(letter);
    if (used > room) return cut && `${cut.trimEnd()}…`;
    kept += letter;
    if (used + ellipsis <= room) cut = kept;
  }
  return text;
}

/** The first of the texts that fits whole; empty if none does. */
export const firstFitting = (texts: readonly string[], width: number, type: Type): string =>
  texts.find((text) => widthOf(text, type) <= width) ?? '';

/** The approximate width of a text. */
export function widthOf(text: string, { size, weight }: Type): number {
  const advance = advancesOf(weight);
  let sum = 0;
  for (const letter of text) sum += advance(letter);
  return sum * size;
}

export type Type = { size: number; weight: number };

/** The width of an average letter in ems, where nothing can be measured. */
const usual = 0.56;
const measured = 100;

const known = new Map<number, (letter: string) => number>();

/** The width of a letter in ems of the console's font. Kerning only makes pairs narrower. */
function advancesOf(weight: number): (letter: string) => number {
  const before = known.get(weight);
  if (before) return before;
  const advances = new Map<string, number>();
  const context = document.createElement('canvas').getContext('2d');
  if (context) context.font = `${weight} ${measured}px ${getComputedStyle(document.body).fontFamily}`;
  const advance = (letter: string) => {
    const found = advances.get(letter);
    if (found !== undefined) return found;
    // The board uses tabular figures: all digits and the hyphen have one width.
    const width = context?.measureText(/[\d-]/.test(letter) ? '0' : letter).width ?? usual * measured;
    advances.set(letter, width / measured);
    return width / measured;
  };
  known.set(weight, advance);
  return advance;
}
