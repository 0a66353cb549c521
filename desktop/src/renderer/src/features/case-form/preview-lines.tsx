import { hasBegun } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { useStore } from 'zustand';
import { verdictOf } from '../../preview/verdict.ts';
import { callerNow } from '../../preview/judge.ts';
import { boardStore, nameOf } from '../../stores/board.ts';
import { meNow } from '../../stores/session.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { obstacleWords } from '../../words/placing.ts';
import type { Obstacle } from '../../words/placing.ts';
import styles from './form.module.css';

/** Shows conflicts and cautions while the person types. The server decides. */
export function PreviewLines({ candidate }: { candidate: Case }) {
  const view = useStore(boardStore, (state) => state.view);
  if (!view || !isPlaced(candidate)) return null;
  const verdict = verdictOf(view, candidate, callerNow());
  const zone = view.board.site.timeZone;
  const wordsOf = (obstacle: Obstacle) => obstacleWords(obstacle, nameOf, zone, meNow());
  // A case under way cannot be refused, and the rules of its plan no longer count (RE3, RE10).
  const { hard, cautions } = hasBegun(candidate.state)
    ? {
        hard: [],
        cautions: verdict.obstacles
          .filter(({ kind }) => kind !== 'rule')
          .map((obstacle) => words.taken(wordsOf(obstacle))),
      }
    : { hard: verdict.obstacles.map(wordsOf), cautions: verdict.cautions };
  if (hard.length === 0 && cautions.length === 0) return null;
  const needsReason = hard.length === 0 && candidate.overrideReason === null && !hasBegun(candidate.state);
  return (
    <div role="status">
      <ul className={styles.lines}>
        {hard.map((line) => (
          <li key={line} className={styles.line} data-kind="hard">
            <span className={styles.glyph} aria-hidden="true">
              ✕&nbsp;
            </span>
            {words.cannot(line)}
          </li>
        ))}
        {cautions.map((line) => (
          <li key={line} className={styles.line}>
            <span className={styles.glyph} aria-hidden="true">
              !&nbsp;
            </span>
            {line}
          </li>
        ))}
      </ul>
      {needsReason && <p className={styles.hint}>{words.asksReason}</p>}
    </div>
  );
}
