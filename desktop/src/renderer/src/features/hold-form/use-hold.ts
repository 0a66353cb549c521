import { useEffect } from 'react';
import { overlaps } from '@slate/shared/time';
import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { useNow } from '../../stores/clock.ts';
import { draftStore, see } from '../../stores/drafts.ts';
import type { Draft } from '../../stores/drafts.ts';
import { sessionStore } from '../../stores/session.ts';

/**
 * How things stand with a hold: mine, somebody else's, over its time, given back before that, or not a hold any
 * more because it was booked.
 */
export type Phase = 'mine' | 'others' | 'expired' | 'ended' | 'booked';

export type Hold = {
  /** As it was when it was last held. */
  readonly item: Case;
  readonly phase: Phase;
  /** What became of it, where it is still on the board: a hold that came from the depot is back there. */
  readonly now: Case;
  readonly leftMs: number;
};

export function phaseOf(draft: Draft, view: BoardView | null, me: string | null, at: number): Phase {
  const { item, wasOnBoard } = draft;
  const live = view?.cases.get(item.id);
  const isOverdue = item.expiresAt !== null && Date.parse(item.expiresAt) <= at;
  if (live && live.version >= item.version && live.state !== 'held') {
    return live.state !== 'depot' ? 'booked' : isOverdue ? 'expired' : 'ended';
  }
  if (isOverdue) return 'expired';
  // Of a day that is not looked at the board says nothing.
  const isLookedAt = view !== null && isPlaced(item) && overlaps(item, view.board.range);
  if (!live && wasOnBoard && isLookedAt) return 'ended';
  return item.holder?.id === me ? 'mine' : 'others';
}

/** Follows a hold for as long as its form is open, and keeps what it was when it is gone. */
export function useHold(caseId: string): Hold | null {
  const view = useStore(boardStore, (state) => state.view);
  const me = useStore(sessionStore, (session) => (session.status === 'signed_in' ? session.me.id : null));
  const at = useNow(1000);
  const live = view?.cases.get(caseId);
  useEffect(() => {
    if (live?.state === 'held') see(caseId, live, true);
  }, [caseId, live]);
  const draft = useStore(draftStore, ({ drafts }) => drafts.get(caseId));
  if (!draft) return null;
  const { item } = draft;
  return {
    item,
    phase: phaseOf(draft, view, me, at),
    now: live ?? item,
    leftMs: item.expiresAt === null ? 0 : Math.max(0, Date.parse(item.expiresAt) - at),
  };
}
