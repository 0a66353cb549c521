import type { PlacedCase } from '@slate/shared/cases';
import { predictedEnd } from '../../preview/predicted-end.ts';
import { useNow } from '../../stores/clock.ts';
import styles from './card.module.css';
import { boxOf } from './geometry.ts';
import type { Axis } from './geometry.ts';
import { spanOf } from './scale.ts';
import type { Scale } from './scale.ts';

const thickness = 5;

/** How far a case will run past its end, and so over what comes after it. */
export function Overtime({
  item,
  axis,
  scale,
  breadth,
}: {
  item: PlacedCase;
  axis: Axis;
  scale: Scale;
  breadth: number;
}) {
  const until = new Date(predictedEnd(item, useNow(15_000))).toISOString();
  if (until <= item.end) return null;
  const { at, length } = spanOf(scale, item.end, until);
  return (
    <div
      aria-hidden="true"
      className={styles.overtime}
      style={boxOf(axis, at, length, breadth - thickness - 1, thickness)}
    />
  );
}
