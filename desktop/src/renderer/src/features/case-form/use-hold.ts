import { offTheBoard } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { overlaps } from '@slate/shared/time';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { isPlaceholder, isStillRequested, requestOf } from '../../commands/requested-hold.ts';
import { verdictOf } from '../../preview/verdict.ts';
import { boardStore, latestOf, nameOf } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { useClock, useNow } from '../../stores/clock.ts';
import { connectionStore, isCutOff } from '../../stores/connection.ts';
import { draftStore, updateDraft } from '../../stores/drafts.ts';
import type { Draft } from '../../stores/drafts.ts';
import { useLastChange } from '../../stores/changes.ts';
import { callerNow } from '../../preview/judge.ts';
import { queueStore } from '../../stores/queue.ts';
import { meNow, sessionStore } from '../../stores/session.ts';
import { obstacleWords } from '../../words/placing.ts';

/** Held by me, held by someone else, expired, ended (released or no longer on the board), or booked. */
type Phase = 'mine' | 'others' | 'expired' | 'ended' | 'booked';

export type Hold = {
  /** The case when it was last held. */
  readonly item: Case;
  readonly phase: Phase;
  /** The current case. A hold from the depot may have returned there. */
  readonly now: Case;
  /** The hold waits in the queue of this desk or was not granted, so there is no case yet. */
  readonly isRequested: boolean;
};

/** Whether the case is no longer on the board although its day is shown. */
const isGone = (view: BoardView | null, { item, wasOnBoard }: Draft) =>
  view !== null &&
  wasOnBoard &&
  !view.cases.has(item.id) &&
  isPlaced(item) &&
  overlaps(item, view.board.range);

type HoldFacts = {
  live: Case | undefined;
  hasGone: boolean;
  /** The server has reported the expiry. The clock here may be slightly behind. */
  hasExpired: boolean;
  me: string | null;
  at: number;
};

function phaseOf({ item }: Draft, { live, hasGone, hasExpired, me, at }: HoldFacts): Phase {
  const isOverdue = hasExpired || (item.expiresAt !== null && Date.parse(item.expiresAt) <= at);
  if (live && live.version >= item.version && live.state !== 'held') {
    const isBooked = live.state !== 'depot' && !offTheBoard.includes(live.state);
    return isBooked ? 'booked' : isOverdue ? 'expired' : 'ended';
  }
  if (isOverdue) return 'expired';
  if (hasGone) return 'ended';
  return item.holder?.id === me ? 'mine' : 'others';
}

/** Returns the current state of a hold for its form, and the last one after the hold is gone. */
export function useHold(caseId: string): Hold | null {
  const me = useStore(sessionStore, meNow);
  const change = useLastChange(caseId);
  const onBoard = useStore(boardStore, ({ view }) => view?.cases.get(caseId));
  const live = latestOf(onBoard, change?.case);
  const draft = useStore(draftStore, ({ drafts }) => drafts.get(caseId));
  const hasGone = useStore(boardStore, ({ view }) => draft !== undefined && isGone(view, draft));
  useEffect(() => {
    if (live?.state === 'held') updateDraft(caseId, live, onBoard !== undefined);
  }, [caseId, live, onBoard]);
  const hasExpired = change?.cause === 'expired';
  const isRequested = isPlaceholder(caseId);
  const isWaiting = useStore(queueStore, () => {
    const requested = isRequested ? requestOf(caseId) : undefined;
    return requested !== undefined && isStillRequested(requested);
  });
  const phase = useClock(1000, (at) => draft && phaseOf(draft, { live, hasGone, hasExpired, me, at }));
  if (!draft || !phase) return null;
  return {
    item: draft.item,
    phase: isRequested ? (isWaiting ? 'mine' : 'ended') : phase,
    now: live ?? draft.item,
    isRequested,
  };
}

/** Returns whether the time of a case is free on the shown board; null if unknown. */
export function useAvailability(item: Case | null): 'free' | { inTheWay: string } | null {
  const { view, isStale } = useStore(boardStore);
  const isUnknown = useStore(connectionStore, isCutOff) || isStale;
  // Redraws every second, because other holds may expire.
  useNow(1_000);
  if (!item || !view || isUnknown || !isPlaced(item) || !overlaps(item, view.board.range)) return null;
  const [obstacle] = verdictOf(view, item, callerNow()).obstacles;
  return obstacle ? { inTheWay: obstacleWords(obstacle, nameOf, view.board.site.timeZone, meNow()) } : 'free';
}
