import type { CaseInTheWay } from '@slate/shared/contract/decisions';
import { at, uuid } from './small-board.ts';

/** A booked case in the way of a change, from 08:00 to 09:00. */
export const aCaseInTheWay = (n: number, roomId: string, more: Partial<CaseInTheWay> = {}): CaseInTheWay => ({
  caseId: uuid(n),
  version: 1,
  number: n,
  title: `Hip ${n}`,
  roomId,
  start: at('08:00'),
  end: at('09:00'),
  heldBy: null,
  why: 'claim',
  canStay: false,
  canMove: true,
  carry: null,
  offers: [],
  ...more,
});
