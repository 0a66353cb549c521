import type { Resource } from '@slate/shared/resources';
import type { CSSProperties } from 'react';
import { pixelOf, spanOf } from './scale.ts';
import type { Scale } from './scale.ts';

/** Time runs to the right (rooms are lanes) or downwards (rooms are columns): the same board, turned by 90°. */
export type Axis = 'x' | 'y';

export type Geometry = {
  readonly axis: Axis;
  readonly scale: Scale;
  /** Across time: the height of a lane or the width of a column. */
  readonly breadth: number;
  /** How much the names of the rooms take of the axis of time, and the hours of the other. */
  readonly roomHead: number;
  readonly timeHead: number;
  readonly rooms: readonly Resource[];
};

/** A box by its place along time and across it. */
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

/** What is drawn of the axis of time, in pixels of the scale. */
export type Span = { readonly from: number; readonly to: number };

/** The part of the axis near the view; `null` where nothing of it is. */
export function drawnSpan(scale: Scale, start: string, end: string, shown: Span) {
  const { at, length } = spanOf(scale, start, end);
  if (at >= shown.to || at + length <= shown.from) return null;
  const from = Math.max(0, at);
  return { at: from, length: Math.max(1, Math.min(scale.length, at + length) - from) };
}

/** A box on the whole board, for what is drawn over its lanes. */
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
