import { firstFitting, fit, widthOf } from '../ui/fit-text.ts';
import type { Axis } from './geometry.ts';

/** What every card says, if it has room. */
type Says = { title: string; surgeon: string; time: string };

export type CardText = {
  /** Empty on a card that is too short for it. */
  title: string;
  /** What comes after it, lines and all. */
  text: string;
  lines: number;
  isWide: boolean;
  /** Too short even for its glyph. */
  isBare: boolean;
  /** A hold with a corner for its countdown, and for who holds it. */
  isTagged: boolean;
  /** A narrow hold: the countdown stands in place of the time. */
  isCounting: boolean;
  /** High enough for a title of two lines. */
  isRoomy: boolean;
  isTiny: boolean;
  /** Shares its room with another: half as high. */
  isLow: boolean;
  /** The title is shown in full, so the card needs no label on hover. */
  isWhole: boolean;
};

/** As `card.module.css` and `wall.module.css` have it. */
const titleWeight = 620;

/** The least widths, in pixels, for the glyph, the start time, the title and the tag in the corner. */
const glyphed = 18;
const timed = 40;
const wide = 46;
const tagged = 84;
/** The least height for a line of the usual type. */
const low = 20;
/** The widths of the edges, the corner, the glyph and the time. */
const edges = 14;
const corner = 47;
const glyph = 16;
const clock = 31;
const gap = 4;
/** The least width, in pixels, for a name. */
const leastName = 40;

/** What a card of this size on the board says: time, surgeon and, on a high card, patient or service. */
export function cardText(
  { title, surgeon, patient, service, time }: Says & { patient: string | null; service: string | null },
  axis: Axis,
  length: number,
  breadth: number,
  isHeld: boolean,
): CardText {
  const lines =
    axis === 'x' ? (breadth >= 44 ? 3 : breadth >= 30 ? 2 : 1) : Math.max(1, Math.floor((length - 5) / 15));
  const width = axis === 'x' ? length : breadth;
  const isWide = width >= wide;
  const isTagged = isHeld && width >= tagged;
  const isCounting = isHeld && isWide && !isTagged && lines > 1;
  const isRoomy = axis === 'y' && lines > 4;
  const isTiny = axis === 'y' && length < 19;
  const isLow = axis === 'x' && breadth < low;
  const room = width - (isTagged ? corner : edges);
  // As `card.module.css` has it.
  const bold = { size: isLow ? 10 : axis === 'x' ? 12 : isTiny ? 9 : 11.5, weight: titleWeight };
  const plain = { size: isLow ? 10 : 11.5, weight: 400 };
  const shown = (text: string, space: number) => (space < leastName ? '' : fit(text, space, plain));

  const shownTitle = !isWide ? '' : isRoomy ? title : fit(title, room - glyph, bold);
  function after(): string {
    if (lines === 1) {
      const who = shown(surgeon, room - glyph - widthOf(shownTitle, bold) - gap);
      return who && ` ${who}`;
    }
    const when = isCounting || room < clock ? '' : time;
    // On a roomy card the title is a paragraph, after which a line begins by itself.
    if (axis === 'y') {
      const names = [surgeon, patient ?? ''].slice(0, Math.max(0, lines - 2));
      return [`${isRoomy ? '' : '\n'}${when}`, ...names.map((name) => shown(name, room))]
        .join('\n')
        .trimEnd();
    }
    const who = shown(surgeon, room - clock - gap);
    const what = lines > 2 ? shown(patient ?? service ?? '', room) : '';
    const whom =
      lines > 2 || patient === null ? '' : shown(patient, room - glyph - widthOf(shownTitle, bold) - gap);
    return `${whom && ` ${whom}`}${isCounting ? '' : '\n'}${[when, who].filter(Boolean).join(' ')}${what && `\n${what}`}`;
  }
  const short = width >= timed && lines > 1 && !isHeld ? `\n${time}` : '';
  return {
    title: shownTitle,
    text: isWide ? after() : short,
    lines,
    isWide,
    isBare: width < glyphed,
    isTagged,
    isCounting,
    isRoomy,
    isTiny,
    isLow,
    isWhole: isRoomy || shownTitle === title,
  };
}

type WallText = { name: string; title: string; size: number; detail: string; detailSize: number };

/** The parts of a card on the wall, in heights of its type: edges, glyph, countdown, line. */
const ofType = { edges: 0.6, glyph: 1.1, countdown: 2.7, line: 1.15 };
/** How much of its row a card on the wall fills. */
const cardShare = 0.8;

/**
 * What a card on the wall says. A title gets smaller before it is cut, down to what can be read from five meters, and
 * a long one is replaced by the short name. Time and surgeon get a second line if the row is high enough, else they
 * follow the title if there is room.
 */
export function wallText(
  { time, title, shortName, surgeon }: Says & { shortName: string | null },
  { width, row, type, smallest }: { width: number; row: number; type: number; smallest: number },
  isCounting: boolean,
): WallText {
  const around = ofType.edges + ofType.glyph + (isCounting ? ofType.countdown : 0);
  const sizeOf = (text: string) =>
    Math.min(type, width / (widthOf(text, { size: 1, weight: titleWeight }) + around));
  const name = shortName !== null && sizeOf(title) < type ? shortName : title;
  const size = Math.max(smallest, Math.floor(sizeOf(name)));
  const timeAndSurgeon = surgeon === '' ? time : `${time} ${surgeon}`;

  const detailSize = Math.min(0.75 * type, (row * cardShare) / ofType.line - size);
  if (detailSize >= smallest) {
    const room = width - ofType.edges * smallest;
    const detail = firstFitting([timeAndSurgeon, time], room, { size: smallest, weight: titleWeight });
    const largest = room / widthOf(detail || ' ', { size: 1, weight: titleWeight });
    return { name, title: name, size, detail, detailSize: Math.floor(Math.min(detailSize, largest)) };
  }
  const beside = [` ${timeAndSurgeon}`, ` ${time}`].find((text) => sizeOf(`${name}${text}`) >= size) ?? '';
  return { name, title: `${name}${beside}`, size, detail: '', detailSize: size };
}
