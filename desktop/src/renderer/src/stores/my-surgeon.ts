import type { Resource } from '@slate/shared/resources';
import { overlaps } from '@slate/shared/time';
import { usesOf } from '../preview/claims.ts';
import type { BoardView } from './board.ts';
import { serverInstant } from './clock.ts';
import { sessionStore } from './session.ts';
import type { Session } from './session.ts';

/** The surgeons an office works for; null for everybody else, who may choose any. */
export const mySurgeons = (session: Session): readonly string[] | null =>
  session.status === 'signed_in' && session.site.role === 'office' ? session.site.surgeonIds : null;

/**
 * For whom an office holds when nobody has said: a hold of an office is always for one of its surgeons. The
 * first who is free then; the form of the hold says who it is and takes another. Everybody else may leave it
 * open.
 */
export function surgeonFor(view: BoardView, place: { start: string; end: string }): Resource | null {
  const mine = mySurgeons(sessionStore.getState())?.flatMap((id) => view.resources.get(id) ?? []) ?? [];
  const isFree = ({ id }: Resource) => !usesOf(view, id, serverInstant()).some((use) => overlaps(use, place));
  return mine.find((each) => each.active && isFree(each)) ?? mine[0] ?? null;
}
