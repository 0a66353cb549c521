import type { Resource } from '@slate/shared/resources';

/** The smallest type, as a share of the screen height: 27 pixels on 2,160 can be read from five meters. */
const minTypeShare = 27 / 2160;
/** The smallest type in pixels, on a small window. */
const minType = 11;
/** The type size as a share of the row height, if a page is full. */
const typePerRow = 0.56;
/** The same if there are few rooms: the rows get more of the extra height than the text. */
const roomyTypePerRow = 0.48;
/** The largest row and the largest type, as shares of the screen height. */
const maxRowShare = 0.07;
const maxTypeShare = 0.022;
/** The height of the date and the hours above the rooms, as a multiple of the type size. */
const headPerType = 4.6;

type WallLayout = {
  pages: number;
  rowsPerPage: number;
  /** The heights of a row and of the head, in pixels. */
  row: number;
  head: number;
  /** The type size, and the smallest one for a title that is too long. */
  type: number;
  smallest: number;
};

/**
 * Divides the height among the rooms. If one page cannot show all rooms in readable type, spreads them evenly over several.
 */
export function wallLayout(rooms: number, height: number): WallLayout {
  const smallest = Math.max(minType, Math.ceil(height * minTypeShare));
  const minRow = Math.ceil(smallest / typePerRow);
  const maxRows = Math.max(1, Math.floor((height - smallest * headPerType) / minRow));
  const pages = Math.max(1, Math.ceil(rooms / maxRows));
  const rowsPerPage = Math.max(1, Math.ceil(rooms / pages));
  const roomyType = Math.floor((roomyTypePerRow * height) / (rowsPerPage + roomyTypePerRow * headPerType));
  const type = Math.max(smallest, Math.min(roomyType, Math.floor(height * maxTypeShare)));
  const head = Math.round(type * headPerType);
  const row = Math.min((height - head) / rowsPerPage, height * maxRowShare);
  return { pages, rowsPerPage, row, type, smallest, head };
}

/** The number of hours on the wall. */
export const hoursOnWall = 14;
/** Late in the day, the number of shown hours that are past. */
const pastHours = 3;
const morningHour = 6;

/** Returns the first hour on the wall: in the day the start of work, later a few hours before now, at night the hour before now. */
export function firstHour(hour: number): number {
  const first = hour < morningHour ? hour - 1 : Math.max(morningHour, hour - (hoursOnWall - 2) + pastHours);
  return Math.min(Math.max(0, first), 24 - hoursOnWall);
}

export type RoomNames = { width: number; service: 'beneath' | 'beside' | 'none' };

/** The average width of a letter, as a multiple of the type size. The service is in smaller type. */
const letterWidth = { name: 0.62, service: 0.46 };
const paddingPerType = 1.1;
/** The names take at most this share of the width if the service is next to them. */
const maxWidthShare = 0.14;

/** Returns the width of the room names, and where their services fit. */
export function roomNames(
  rooms: readonly Resource[],
  { row, type, width }: { row: number; type: number; width: number },
): RoomNames {
  const longest = (texts: (string | undefined)[]) => Math.max(0, ...texts.map((text) => text?.length ?? 0));
  const name = longest(rooms.map((room) => room.name)) * letterWidth.name * type;
  const service = longest(rooms.map((room) => room.attributes.service)) * letterWidth.service * type;
  const padding = paddingPerType * type;
  if (row >= type * 2.3) {
    return { width: Math.round(Math.max(name, service) + padding), service: 'beneath' };
  }
  const isBeside = name + service + padding <= width * maxWidthShare;
  return {
    width: Math.round(name + padding + (isBeside ? service : 0)),
    service: isBeside ? 'beside' : 'none',
  };
}
