import styles from './card.module.css';
import type { Axis } from '../../../board/geometry.ts';

const hatchId = 'claim-hatch';
/** The hatching reaches this far under the rounded corners of a card. */
const overlap = 4;

/** The hatching for claims, defined once per board. */
export function ClaimHatch() {
  return (
    <svg className={styles.hatch} aria-hidden="true">
      <pattern id={hatchId} width="7" height="7" patternUnits="userSpaceOnUse">
        <path d="M-1 1L1 -1M0 7L7 0M6 8L8 6" />
      </pattern>
    </svg>
  );
}

/** Setup and cleanup before and after the cases of a room, in one drawing. */
export function Claims({ path }: { path: string }) {
  return (
    <svg className={styles.claims} aria-hidden="true">
      <path d={path} fill={`url(#${hatchId})`} />
    </svg>
  );
}

type Box = { at: number; length: number };

/** Returns the SVG path of the parts of a claim that its case does not cover. */
export function pathOf(axis: Axis, claim: Box, box: Box, across: number, breadth: number): string {
  const [claimEnd, boxEnd] = [claim.at + claim.length, box.at + box.length];
  const part = (from: number, to: number) => {
    const [left, top, width, height] =
      axis === 'x' ? [from, across, to - from, breadth] : [across, from, breadth, to - from];
    return `M${left} ${top}h${width}v${height}h${-width}z`;
  };
  return (
    (claim.at < box.at ? part(claim.at, box.at + overlap) : '') +
    (boxEnd < claimEnd ? part(boxEnd - overlap, claimEnd) : '')
  );
}
