import { useEffect, useState } from 'react';
import { overlaps } from '@slate/shared/time';
import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { useClock } from '../../stores/clock.ts';
import { draftStore, see } from '../../stores/drafts.ts';
import type { Draft } from '../../stores/drafts.ts';
import { onNews } from '../../stores/news.ts';
import { meNow, sessionStore } from '../../stores/session.ts';

/**
 * How things stand with a hold: mine, somebody else's, over its time, given back before that, or not a hold any
 * more because it was booked.
 */
type Phase = 'mine' | 'others' | 'expired' | 'ended' | 'booked';

export type Hold = {
  /** As it was when it was last held. */
  readonly item: Case;
  readonly phase: Phase;
  /** What became of it, where it is still on the board: a hold that came from the depot is back there. */
  readonly now: Case;
};

/** Not on the board any more, though its day is looked at: of another day the board says nothing. */
const isGone = (view: BoardView | null, { item, wasOnBoard }: Draft) =>
  view !== null &&
  wasOnBoard &&
  !view.cases.has(item.id) &&
  isPlaced(item) &&
  overlaps(item, view.board.range);

type Standing = {
  live: Case | undefined;
  hasGone: boolean;
  /** The server has told that it ran out: by the clock here that may be a moment ahead. */
  hasExpired: boolean;
  me: string | null;
  at: number;
};

function phaseOf({ item }: Draft, { live, hasGone, hasExpired, me, at }: Standing): Phase {
  const isOverdue = hasExpired || (item.expiresAt !== null && Date.parse(item.expiresAt) <= at);
  if (live && live.version >= item.version && live.state !== 'held') {
    return live.state !== 'depot' ? 'booked' : isOverdue ? 'expired' : 'ended';
  }
  if (isOverdue) return 'expired';
  if (hasGone) return 'ended';
  return item.holder?.id === me ? 'mine' : 'others';
}

/** Follows a hold for as long as its form is open, and keeps what it was when it is gone. */
export function useHold(caseId: string): Hold | null {
  const me = useStore(sessionStore, meNow);
  const live = useStore(boardStore, ({ view }) => view?.cases.get(caseId));
  const draft = useStore(draftStore, ({ drafts }) => drafts.get(caseId));
  const hasGone = useStore(boardStore, ({ view }) => draft !== undefined && isGone(view, draft));
  useEffect(() => {
    if (live?.state === 'held') see(caseId, live, true);
  }, [caseId, live]);
  const [hasExpired, setExpired] = useState(false);
  useEffect(
    () =>
      onNews(({ body }) => {
        if (body.type === 'case' && body.case.id === caseId) setExpired(body.cause === 'expired');
      }),
    [caseId],
  );
  const phase = useClock(1000, (at) => draft && phaseOf(draft, { live, hasGone, hasExpired, me, at }));
  if (!draft || !phase) return null;
  return { item: draft.item, phase, now: live ?? draft.item };
}
