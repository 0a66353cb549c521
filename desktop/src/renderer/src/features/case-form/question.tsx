import { useId } from 'react';
import type { KeyboardEvent } from 'react';
import { closeDialog } from '../../stores/dialogs.ts';
import type { QuestionDialog } from '../../stores/dialogs.ts';
import { tellCutOff } from '../../stores/cut-off.ts';
import { Notice } from '../../ui/notice.tsx';
import { reasonWords as words } from '../../words/case-form.ts';
import { useChanging } from '../../forms/use-changing.ts';
import { Floating } from '../../forms/floating.tsx';
import { KeyButton } from '../../forms/key-button.tsx';
import styles from './reason.module.css';

/** Asks which is meant: each answer by its digit. Enter alone answers nothing. */
export function Question({ dialog: { title, caseId, lines, answers } }: { dialog: QuestionDialog }) {
  const titleId = useId();
  const textId = useId();
  const { why, changing } = useChanging();
  const choose = (run: () => void) => {
    if (tellCutOff()) return;
    closeDialog();
    run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const answer = answers[Number(event.key) - 1];
    if (event.key === 'Escape') closeDialog();
    else if (answer && !event.ctrlKey && !event.altKey && !event.metaKey) choose(answer.run);
    else return;
    event.preventDefault();
  };
  return (
    <Floating
      caseId={caseId}
      isAtGhost={false}
      labelledBy={titleId}
      describedBy={textId}
      onKeyDown={onKeyDown}
    >
      <div className={styles.reason} data-autofocus tabIndex={-1}>
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
        <ul id={textId} className={styles.cautions}>
          {lines.map((line) => (
            <li key={line}>
              <span aria-hidden="true">! </span>
              {line}
            </li>
          ))}
        </ul>
        {why !== null && <Notice>{why}</Notice>}
        <div className={styles.foot}>
          {answers.map(({ label, run }, index) => (
            <KeyButton key={label} keys={String(index + 1)} {...changing(() => choose(run))}>
              {label}
            </KeyButton>
          ))}
          <span className={styles.gap} />
          <KeyButton keys="Escape" variant="default" onClick={closeDialog}>
            {words.notNow}
          </KeyButton>
        </div>
      </div>
    </Floating>
  );
}
