import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { useStore } from 'zustand';
import { verdictOf } from '../../preview/verdict.ts';
import { askerNow } from '../../preview/judge.ts';
import { boardStore, nameOf } from '../../stores/board.ts';
import { meNow } from '../../stores/session.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { obstacleWords } from '../../words/placing.ts';
import styles from './form.module.css';

/** Conflicts and cautions while typing. Only the server decides. */
export function PreviewLines({ candidate }: { candidate: Case }) {
  const view = useStore(boardStore, (state) => state.view);
  if (!view || !isPlaced(candidate)) return null;
  const { obstacles, cautions } = verdictOf(view, candidate, askerNow());
  if (obstacles.length === 0 && cautions.length === 0) return null;
  const zone = view.board.site.timeZone;
  const hard = obstacles.map((obstacle) => obstacleWords(obstacle, nameOf, zone, meNow()));
  const isAsked = hard.length === 0 && candidate.overrideReason === null;
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
      {isAsked && <p className={styles.hint}>{words.asksReason}</p>}
    </div>
  );
}
