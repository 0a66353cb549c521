import type { PlacedCase } from '@slate/shared/cases';
import { expectedAt } from '@slate/shared/reality';
import { useNow } from '../../stores/clock.ts';
import styles from './card.module.css';
import { boxOf } from '../../board/geometry.ts';
import type { Axis } from '../../board/geometry.ts';
import { spanOf } from '../../board/scale.ts';
import type { Scale } from '../../board/scale.ts';

const thickness = 5;

/** How far a case will run past where it is drawn, and so over what comes after it. */
export function Overtime({
  item,
  end,
  axis,
  scale,
  breadth,
}: {
  item: PlacedCase;
  end: string;
  axis: Axis;
  scale: Scale;
  breadth: number;
}) {
  const { end: until } = expectedAt(item, new Date(useNow(15_000)).toISOString());
  if (until <= end) return null;
  const { at, length } = spanOf(scale, end, until);
  return (
    <div
      aria-hidden="true"
      className={styles.overtime}
      style={boxOf(axis, at, length, breadth - thickness - 1, thickness)}
    />
  );
}
