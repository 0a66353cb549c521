/** 27 pixels of a screen of 2,160: what can be read from five metres. */
const smallestType = 27 / 2160;
const typePerRow = 0.56;
/** Where there are few rooms, what is left over makes the rows higher rather than the words. */
const largestRow = 0.07;
const largestType = 0.022;
/** Where nothing is known of the window, on the smallest that anybody has. */
const leastType = 11;

export type WallLayout = { pages: number; rowsPerPage: number; row: number; type: number; head: number };

/**
 * How the rooms share the height. As many as can be read stand on a page; what does not fit comes on the next
 * one, and all pages have as many rooms as the others, give or take one.
 */
export function wallLayout(rooms: number, height: number): WallLayout {
  const type = Math.max(leastType, Math.ceil(height * smallestType));
  const head = Math.round(type * 3.9);
  const least = Math.ceil(type / typePerRow);
  const fitting = Math.max(1, Math.floor((height - head) / least));
  const pages = Math.max(1, Math.ceil(rooms / fitting));
  const rowsPerPage = Math.max(1, Math.ceil(rooms / pages));
  const row = Math.min((height - head) / rowsPerPage, height * largestRow);
  return {
    pages,
    rowsPerPage,
    row,
    type: Math.max(type, Math.floor(Math.min(row * 0.48, height * largestType))),
    head,
  };
}

/** How much of the day is seen at once, and how much of what has been. */
const hours = 14;
const before = 3;
const morning = 6;

/** The first hour on the wall: the working day, and from the afternoon on what is still to come. */
export function firstHour(hour: number): number {
  const first = hour < morning ? hour - 1 : Math.max(morning, hour - (hours - 2) + before);
  return Math.min(Math.max(0, first), 24 - hours);
}
export const hoursOnWall = hours;
