import type { Resource } from '@slate/shared/resources';

/** 27 pixels on a 2,160-pixel screen can be read from five meters. */
const smallestType = 27 / 2160;
/** The least height of a row: one line. */
const typePerRow = 0.56;
/** With few rooms, the extra height goes to the rows rather than the text. */
const airyTypePerRow = 0.48;
const largestRow = 0.07;
const largestType = 0.022;
/** The height of the date and the hours above the rooms, in units of the font size. */
const headPerType = 4.6;
/** On the smallest window. */
const leastType = 11;

type WallLayout = {
  pages: number;
  rowsPerPage: number;
  row: number;
  type: number;
  smallest: number;
  head: number;
};

/**
 * How the rooms share the height. A page has as many as can be read; the rest goes to further pages, spread evenly.
 */
export function wallLayout(rooms: number, height: number): WallLayout {
  const smallest = Math.max(leastType, Math.ceil(height * smallestType));
  const least = Math.ceil(smallest / typePerRow);
  const fitting = Math.max(1, Math.floor((height - smallest * headPerType) / least));
  const pages = Math.max(1, Math.ceil(rooms / fitting));
  const rowsPerPage = Math.max(1, Math.ceil(rooms / pages));
  const airy = Math.floor((airyTypePerRow * height) / (rowsPerPage + airyTypePerRow * headPerType));
  const type = Math.max(smallest, Math.min(airy, Math.floor(height * largestType)));
  const head = Math.round(type * headPerType);
  const row = Math.min((height - head) / rowsPerPage, height * largestRow);
  return { pages, rowsPerPage, row, type, smallest, head };
}

/** How many hours are shown at once, and how many of them are past. */
const hours = 14;
const before = 3;
const morning = 6;

/** The first hour on the wall: the working day, and later what is still to come. */
export function firstHour(hour: number): number {
  const first = hour < morning ? hour - 1 : Math.max(morning, hour - (hours - 2) + before);
  return Math.min(Math.max(0, first), 24 - hours);
}
export const hoursOnWall = hours;

export type RoomNames = { width: number; service: 'beneath' | 'beside' | 'none' };

/** Average letter width in units of the font size. The service is smaller. */
const letter = { name: 0.62, service: 0.46 };
const airAround = 1.1;
const largestShare = 0.14;

/** The width of the room names, and whether their services fit too. */
export function roomNames(
  rooms: readonly Resource[],
  { row, type, width }: { row: number; type: number; width: number },
): RoomNames {
  const longest = (texts: (string | undefined)[]) => Math.max(0, ...texts.map((text) => text?.length ?? 0));
  const name = longest(rooms.map((room) => room.name)) * letter.name * type;
  const service = longest(rooms.map((room) => room.attributes.service)) * letter.service * type;
  const around = airAround * type;
  if (row >= type * 2.3) {
    return { width: Math.round(Math.max(name, service) + around), service: 'beneath' };
  }
  const isBeside = name + service + around <= width * largestShare;
  return {
    width: Math.round(name + around + (isBeside ? service : 0)),
    service: isBeside ? 'beside' : 'none',
  };
}
