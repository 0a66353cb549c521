import { Textarea, UnstyledButton } from '@mantine/core';
import { reason as reasonSchema } from '@slate/shared/cases';
import { validationMessage } from '@slate/shared/validation-message';
import { useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { verdictOf } from '../../preview/verdict.ts';
import { askerNow } from '../../preview/judge.ts';
import { boardStore, nameOf } from '../../stores/board.ts';
import { useNow } from '../../stores/clock.ts';
import { closeDialog } from '../../stores/dialogs.ts';
import type { ReasonDialog } from '../../stores/dialogs.ts';
import { tellCutOff } from '../../stores/cut-off.ts';
import { meNow } from '../../stores/session.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { Notice } from '../../ui/notice.tsx';
import { reasonWords as words } from '../../words/case-form.ts';
import { obstacleWords } from '../../words/placing.ts';
import { useChanging } from '../../forms/use-changing.ts';
import { Floating } from '../../forms/floating.tsx';
import { KeyButton } from '../../forms/key-button.tsx';
import styles from './reason.module.css';

/** Asks why: a common reason by its digit, or in the person's own words. Nothing is done before. */
export function Reason({ dialog }: { dialog: ReasonDialog }) {
  const { for: kind, title, caseId, cautions, placed, give } = dialog;
  const [text, setText] = useState('');
  const [isTried, setTried] = useState(false);
  const titleId = useId();
  const textId = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const parsed = reasonSchema.safeParse(text, { error: validationMessage });
  const common = words.common[kind];
  const hard = useHard(placed);
  const { why, changing } = useChanging();
  const notPlaced = caseId === null ? words.doNotHold : words.putBack;
  const leave = placed.length === 0 ? words.leave[kind] : notPlaced;

  const submit = () => {
    setTried(true);
    if (!parsed.success) return input.current?.focus();
    if (tellCutOff()) return;
    closeDialog();
    give(parsed.data);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key, target } = event;
    const isInput = target === input.current;
    if (key === 'Escape') {
      event.preventDefault();
      closeDialog();
    } else if (key === 'Enter' && !event.shiftKey) {
      if (target instanceof HTMLButtonElement && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      submit();
    } else if (!isInput && !event.ctrlKey && !event.altKey && !event.metaKey) {
      const picked = common[Number(key) - 1];
      if (picked !== undefined) setText(picked);
      // Whoever begins to write means the field, wherever they are.
      else if (key.length === 1 && key !== ' ') input.current?.focus();
    }
  };
  return (
    <Floating
      caseId={caseId}
      isAtGhost={placed.length > 0}
      labelledBy={titleId}
      describedBy={textId}
      onKeyDown={onKeyDown}
    >
      <div className={styles.reason} data-autofocus tabIndex={-1}>
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
        <div id={textId} className={styles.why}>
          <p>{words.why[kind]}</p>
          {cautions.length > 0 && (
            <ul className={styles.cautions}>
              {cautions.map((caution) => (
                <li key={caution}>
                  <span aria-hidden="true">! </span>
                  {caution}
                </li>
              ))}
            </ul>
          )}
          {hard.map((line) => (
            <p key={line} className={styles['hard']}>
              <span aria-hidden="true">✕ </span>
              {words.noHelp(line)}
            </p>
          ))}
        </div>
        <div className={styles.common} role="group" aria-label={words.quick}>
          {common.map((each, index) => (
            <UnstyledButton
              key={each}
              className={styles.pick}
              aria-pressed={text === each}
              aria-keyshortcuts={String(index + 1)}
              onClick={() => setText(each)}
            >
              <Kbd isHidden>{index + 1}</Kbd>
              {each}
            </UnstyledButton>
          ))}
        </div>
        <Textarea
          ref={input}
          size="xs"
          label={words.label}
          description={words.hint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          autosize
          minRows={2}
          maxRows={5}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={(isTried || text !== '') && !parsed.success ? parsed.error.issues[0]?.message : null}
        />
        {why !== null && <Notice>{why}</Notice>}
        <div className={styles.foot}>
          <KeyButton keys="Enter" {...(kind !== 'override' && { color: 'red' })} {...changing(submit)}>
            {words.do[kind]}
          </KeyButton>
          <span className={styles.gap} />
          <KeyButton keys="Escape" variant="default" onClick={closeDialog}>
            {leave}
          </KeyButton>
        </div>
      </div>
    </Floating>
  );
}

/** What stands in the way as well, which no reason moves. Two that trade places are not in each other's. */
function useHard(placed: ReasonDialog['placed']): string[] {
  const view = useStore(boardStore, (state) => state.view);
  useNow(1_000);
  const [item, ...others] = placed;
  if (!view || !item || others.length > 0) return [];
  const zone = view.board.site.timeZone;
  return verdictOf(view, item, askerNow()).obstacles.map((each) =>
    obstacleWords(each, nameOf, zone, meNow()),
  );
}
