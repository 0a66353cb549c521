import type { PlacedCase } from '@slate/shared/cases';
import { verdictOf } from '../preview/verdict.ts';
import { askerNow } from '../preview/judge.ts';
import { boardStore } from '../stores/board.ts';
import { isCutOff } from '../stores/connection.ts';

/**
 * For what the server would ask a reason if the cases stood there, as far as the board tells: the person is asked
 * at once then. Nothing where something else is against it too, or may be: that is for the server to say first.
 */
export function foreseen(placed: readonly PlacedCase[]): string[] {
  const { view, isStale } = boardStore.getState();
  if (!view || isStale || isCutOff()) return [];
  const isPair = placed.length > 1;
  const isShown = ({ start }: PlacedCase) => view.board.range.start <= start && start < view.board.range.end;
  const verdicts = placed.map((item) => isShown(item) && verdictOf(view, item, askerNow()));
  const isClear = verdicts.every((verdict) => verdict && (isPair || verdict.obstacles.length === 0));
  return isClear ? [...new Set(verdicts.flatMap((verdict) => (verdict ? verdict.cautions : [])))] : [];
}
