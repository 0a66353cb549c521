import { firstFitting, fit, widthOf } from '../ui/fit-text.ts';
import type { Axis } from './geometry.ts';

/** The text of every card, if there is room. */
type CardFields = { title: string; surgeon: string; time: string };

export type CardText = {
  /** Empty on a card that is too short for it. */
  title: string;
  /** The text after the title, with its line breaks. */
  text: string;
  lines: number;
  isWide: boolean;
  /** The card is too short even for its glyph. */
  isBare: boolean;
  /** A hold with room in the corner for its countdown and its holder. */
  isTagged: boolean;
  /** A narrow hold that shows its countdown instead of the time. */
  isCounting: boolean;
  /** High enough for a title of two lines. */
  isRoomy: boolean;
  isTiny: boolean;
  /** Too low for the usual type, because the card shares the lane with another one. */
  isLow: boolean;
  /** The title is shown in full, so the card needs no label on hover. */
  isWhole: boolean;
};

/** Must match `card.module.css` and `wall.module.css`. */
const titleWeight = 620;

/** The minimum widths, in pixels, to show the glyph, the start time, the title and the tag in the corner. */
const minGlyphWidth = 18;
const minTimeWidth = 40;
const minTitleWidth = 46;
const minTagWidth = 84;
/** The minimum height for a line of the usual type. */
const minLineHeight = 20;
/** The widths of the edges, the corner, the glyph, the time and a gap. */
const edgesWidth = 14;
const cornerWidth = 47;
const glyphWidth = 16;
const timeWidth = 31;
const gap = 4;
/** The minimum width for a name. */
const minNameWidth = 40;

/** Returns the text of a card of this size: title, time, surgeon and, on a high card, patient or service. */
export function cardText(
  { title, surgeon, patient, service, time }: CardFields & { patient: string | null; service: string | null },
  axis: Axis,
  length: number,
  breadth: number,
  isHeld: boolean,
): CardText {
  const lines =
    axis === 'x' ? (breadth >= 44 ? 3 : breadth >= 30 ? 2 : 1) : Math.max(1, Math.floor((length - 5) / 15));
  const width = axis === 'x' ? length : breadth;
  const isWide = width >= minTitleWidth;
  const isTagged = isHeld && width >= minTagWidth;
  const isCounting = isHeld && isWide && !isTagged && lines > 1;
  const isRoomy = axis === 'y' && lines > 4;
  const isTiny = axis === 'y' && length < 19;
  const isLow = axis === 'x' && breadth < minLineHeight;
  const room = width - (isTagged ? cornerWidth : edgesWidth);
  // Must match `card.module.css`.
  const bold = { size: isLow ? 10 : axis === 'x' ? 12 : isTiny ? 9 : 11.5, weight: titleWeight };
  const plain = { size: isLow ? 10 : 11.5, weight: 400 };
  const shown = (text: string, space: number) => (space < minNameWidth ? '' : fit(text, space, plain));

  const shownTitle = !isWide ? '' : isRoomy ? title : fit(title, room - glyphWidth, bold);
  function textAfterTitle(): string {
    if (lines === 1) {
      const who = shown(surgeon, room - glyphWidth - widthOf(shownTitle, bold) - gap);
      return who && ` ${who}`;
    }
    const when = isCounting || room < timeWidth ? '' : time;
    // On a roomy card the title is a paragraph, so the text after it starts on a new line anyway.
    if (axis === 'y') {
      const names = [surgeon, patient ?? ''].slice(0, Math.max(0, lines - 2));
      return [`${isRoomy ? '' : '\n'}${when}`, ...names.map((name) => shown(name, room))]
        .join('\n')
        .trimEnd();
    }
    const who = shown(surgeon, room - timeWidth - gap);
    const what = lines > 2 ? shown(patient ?? service ?? '', room) : '';
    const whom =
      lines > 2 || patient === null
        ? ''
        : shown(patient, room - glyphWidth - widthOf(shownTitle, bold) - gap);
    return `${whom && ` ${whom}`}${isCounting ? '' : '\n'}${[when, who].filter(Boolean).join(' ')}${what && `\n${what}`}`;
  }
  const short = width >= minTimeWidth && lines > 1 && !isHeld ? `\n${time}` : '';
  return {
    title: shownTitle,
    text: isWide ? textAfterTitle() : short,
    lines,
    isWide,
    isBare: width < minGlyphWidth,
    isTagged,
    isCounting,
    isRoomy,
    isTiny,
    isLow,
    isWhole: isRoomy || shownTitle === title,
  };
}

type WallText = { name: string; title: string; size: number; detail: string; detailSize: number };

/** The widths of a wall card's edges, glyph and countdown, and the height of a line, as multiples of the type size. */
const typeUnits = { edges: 0.6, glyph: 1.1, countdown: 2.7, line: 1.15 };
/** The share of its row that a wall card fills. */
const cardShare = 0.8;

/**
 * Returns the text of a wall card. A title that is too long is replaced by the short name, then gets smaller, down to the
 * `smallest` type that can be read from five meters. Time and surgeon get a second line if the row is high enough;
 * otherwise they follow the title if there is room.
 */
export function wallText(
  { time, title, shortName, surgeon }: CardFields & { shortName: string | null },
  { width, row, type, smallest }: { width: number; row: number; type: number; smallest: number },
  isCounting: boolean,
): WallText {
  const otherWidths = typeUnits.edges + typeUnits.glyph + (isCounting ? typeUnits.countdown : 0);
  const sizeOf = (text: string) =>
    Math.min(type, width / (widthOf(text, { size: 1, weight: titleWeight }) + otherWidths));
  const name = shortName !== null && sizeOf(title) < type ? shortName : title;
  const size = Math.max(smallest, Math.floor(sizeOf(name)));
  const timeAndSurgeon = surgeon === '' ? time : `${time} ${surgeon}`;

  const detailSize = Math.min(0.75 * type, (row * cardShare) / typeUnits.line - size);
  if (detailSize >= smallest) {
    const room = width - typeUnits.edges * smallest;
    const detail = firstFitting([timeAndSurgeon, time], room, { size: smallest, weight: titleWeight });
    const largest = room / widthOf(detail || ' ', { size: 1, weight: titleWeight });
    return { name, title: name, size, detail, detailSize: Math.floor(Math.min(detailSize, largest)) };
  }
  const sameLine = [` ${timeAndSurgeon}`, ` ${time}`].find((text) => sizeOf(`${name}${text}`) >= size) ?? '';
  return { name, title: `${name}${sameLine}`, size, detail: '', detailSize: size };
}
