import type { Resource } from '@slate/shared/resources';
import type { CSSProperties } from 'react';
import { pixelOf, spanOf } from './scale.ts';
import type { Scale } from './scale.ts';

/** Time runs to the right (rooms are lanes) or down (rooms are columns). */
export type Axis = 'x' | 'y';

export type Geometry = {
  readonly axis: Axis;
  readonly scale: Scale;
  /** The height of a lane or the width of a column. */
  readonly breadth: number;
  /** The length of the room names along the time axis, and the breadth of the hours across it. */
  readonly roomHead: number;
  readonly timeHead: number;
  readonly rooms: readonly Resource[];
};

/** Returns the CSS of a box from its position along and across the time axis. */
export const boxOf = (
  axis: Axis,
  at: number,
  length: number,
  across: number,
  breadth: number,
): CSSProperties =>
  axis === 'x'
    ? { left: at, width: length, top: across, height: breadth }
    : { top: at, height: length, left: across, width: breadth };

/** The drawn part of the time axis, in pixels of the scale. */
export type Span = { readonly from: number; readonly to: number };

export const everywhere: Span = { from: -Infinity, to: Infinity };

/** Returns the part of a time range within the drawn span; null if there is none. */
export function drawnSpan(scale: Scale, start: string, end: string, shown: Span) {
  const { at, length } = spanOf(scale, start, end);
  if (at >= shown.to || at + length <= shown.from) return null;
  const from = Math.max(0, at);
  return { at: from, length: Math.max(1, Math.min(scale.length, at + length) - from) };
}

/** Returns the CSS of a box on the whole board, for layers over its lanes. */
export function boxOnBoard(
  { axis, scale, breadth, roomHead, timeHead }: Geometry,
  roomIndex: number,
  start: string,
  end: string,
  inset = 0,
): CSSProperties {
  const { at, length } = spanOf(scale, start, end);
  return boxOf(axis, roomHead + at, length, timeHead + roomIndex * breadth + inset, breadth - 2 * inset);
}

export const alongOf = ({ scale, roomHead }: Geometry, minutes: number) =>
  roomHead + Math.round(pixelOf(scale, minutes));
