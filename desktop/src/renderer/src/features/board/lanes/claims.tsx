import styles from './card.module.css';
import type { Axis } from '../../../board/geometry.ts';

const hatch = 'claim-hatch';
/** As far as the hatch goes under the rounded corners of a card. */
const under = 4;

/** Once per board: what claims are hatched with. */
export function ClaimHatch() {
  return (
    <svg className={styles.hatch} aria-hidden="true">
      <pattern id={hatch} width="7" height="7" patternUnits="userSpaceOnUse">
        <path d="M-1 1L1 -1M0 7L7 0M6 8L8 6" />
      </pattern>
    </svg>
  );
}

/** Preparing and cleaning, before and after the cases of a room: one drawing for all of them. */
export function Claims({ path }: { path: string }) {
  return (
    <svg className={styles.claims} aria-hidden="true">
      <path d={path} fill={`url(#${hatch})`} />
    </svg>
  );
}

type Box = { at: number; length: number };

/** What of a claim is seen beside its case. */
export function pathOf(axis: Axis, claim: Box, box: Box, across: number, breadth: number): string {
  const [claimEnd, boxEnd] = [claim.at + claim.length, box.at + box.length];
  const part = (from: number, to: number) => {
    const [left, top, width, height] =
      axis === 'x' ? [from, across, to - from, breadth] : [across, from, breadth, to - from];
    return `M${left} ${top}h${width}v${height}h${-width}z`;
  };
  return (
    (claim.at < box.at ? part(claim.at, box.at + under) : '') +
    (boxEnd < claimEnd ? part(boxEnd - under, claimEnd) : '')
  );
}
