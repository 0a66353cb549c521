import { hasBegun, mayFrom } from '@slate/shared/case-state';
import type { CaseCommand } from '@slate/shared/case-state';
import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Resource } from '@slate/shared/resources';
import { overlaps } from '@slate/shared/time';
import { nameOf } from '../stores/board.ts';
import type { BoardView } from '../stores/board.ts';
import { serverInstant, serverNow } from '../stores/clock.ts';
import { cutOffReason } from '../stores/cut-off.ts';
import type { Place } from '../stores/place.ts';
import { itemOf } from '../stores/placing.ts';
import type { Placing } from '../stores/placing.ts';
import { meNow, mySurgeons, roleNow, sessionStore } from '../stores/session.ts';
import { zoneNow } from '../stores/view.ts';
import { stateWords } from '../words/cases.ts';
import { obstacleWords, placingWords } from '../words/placing.ts';
import { asPlaced, newHold } from './as-placed.ts';
import { usesOf } from './claims.ts';
import { verdictOf } from './verdict.ts';
import type { Caller, Verdict } from './verdict.ts';

/**
 * Returns the surgeon of an office's new hold if none was chosen: the first of its surgeons who is free then. Other roles
 * may leave the surgeon open.
 */
export function surgeonFor(view: BoardView, place: { start: string; end: string }): Resource | null {
  const mine = mySurgeons(sessionStore.getState())?.flatMap((id) => view.resources.get(id) ?? []) ?? [];
  const isFree = ({ id }: Resource) => !usesOf(view, id, serverInstant()).some((use) => overlaps(use, place));
  return mine.find((each) => each.active && isFree(each)) ?? mine[0] ?? null;
}

/** Returns the case or hold that is being placed, as it would be at its place. */
export function placedNow(view: BoardView, placing: Placing): PlacedCase | null {
  if (placing.kind === 'hold') {
    return newHold(view, placing.place, { surgeonId: surgeonFor(view, placing.place)?.id });
  }
  const item = itemOf(view, placing);
  return item && asPlaced(view, item, placing.place);
}

/** Returns the command that a drop sends. Resizing a case under way is a change, not a move. */
const commandOf = ({ kind }: Placing, { state }: Case): CaseCommand =>
  kind === 'depot' ? 'place' : kind === 'resize' && hasBegun(state) ? 'change' : 'move';

export const callerNow = (): Caller => ({
  me: meNow(),
  now: serverInstant(),
  isOffice: roleNow() === 'office',
});

type Judgment = { item: Case | null; place: Place; second: number; cutOff: string | null; verdict: Verdict };
const lastJudgments = new WeakMap<BoardView, Judgment>();

/**
 * Judges the place of a case or hold. Returns the same object until the board, the place or the second changes: every second
 * a hold may expire.
 */
export function judge(view: BoardView, placing: Placing): Verdict | null {
  const second = Math.floor(serverNow() / 1000);
  const { place } = placing;
  const item = itemOf(view, placing);
  const cutOff = cutOffReason();
  const last = lastJudgments.get(view);
  if (last && last.item === item && last.place === place && last.second === second && last.cutOff === cutOff)
    return last.verdict;
  const placed = placedNow(view, placing);
  if (!placed) return null;
  const prediction = verdictOf(view, placed, callerNow());
  // Since it was picked up, a hold may have expired, or somebody may have changed the state of the case.
  const isTooLate = item !== null && !mayFrom(commandOf(placing, item), item.state);
  const rule = cutOff ?? (isTooLate ? placingWords.overtaken(stateWords[item.state]) : null);
  const obstacles = rule === null ? prediction.obstacles : [{ kind: 'rule', sentence: rule } as const];
  // A conflict cannot stop a case under way, so it is shown but does not block the drop.
  const isUnderWay = rule === null && item !== null && hasBegun(item.state);
  const cautions = isUnderWay ? obstacles.map((each) => obstacleWords(each, nameOf, zoneNow(), meNow())) : [];
  const verdict = isUnderWay ? { ...prediction, obstacles: [], cautions } : { ...prediction, obstacles };
  lastJudgments.set(view, { item, place, second, cutOff, verdict });
  return verdict;
}
