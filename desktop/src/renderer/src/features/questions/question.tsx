import { Textarea, UnstyledButton } from '@mantine/core';
import { reason as reasonSchema } from '@slate/shared/cases';
import { validationMessage } from '@slate/shared/validation-message';
import { useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useStore } from 'zustand';
import { Floating } from '../../forms/floating.tsx';
import { KeyButton } from '../../forms/keys.tsx';
import { useChanging } from '../../forms/use-changing.ts';
import { verdictOf } from '../../preview/verdict.ts';
import { boardStore, nameOf } from '../../stores/board.ts';
import { useNow } from '../../stores/clock.ts';
import { toastIfCutOff } from '../../stores/cut-off.ts';
import { closeDialog } from '../../stores/dialogs.ts';
import type { QuestionDialog, ReasonDialog } from '../../stores/dialogs.ts';
import { callerNow } from '../../preview/judge.ts';
import { meNow } from '../../stores/session.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { Callout } from '../../ui/callout.tsx';
import { obstacleWords } from '../../words/placing.ts';
import { questionWords as words } from '../../words/questions.ts';
import styles from './question.module.css';

/** Asks for confirmation. Digits choose an answer; Enter alone chooses nothing. */
export function Question({ dialog: { title, caseId, lines, answers } }: { dialog: QuestionDialog }) {
  const { changing } = useChanging();
  const choose = (run: () => void) => {
    if (toastIfCutOff()) return;
    closeDialog();
    run();
  };
  return (
    <Panel
      title={title}
      caseId={caseId}
      text={<Cautions lines={lines} />}
      onKey={(event) => {
        const answer = hasModifier(event) ? undefined : answers[Number(event.key) - 1];
        if (!answer) return;
        event.preventDefault();
        choose(answer.run);
      }}
      answers={answers.map(({ label, run }, index) => (
        <KeyButton key={label} keys={String(index + 1)} {...changing(() => choose(run))}>
          {label}
        </KeyButton>
      ))}
      leave={words.notNow}
    />
  );
}

/** Asks for a reason before a command is sent: a common one by its digit, or typed. */
export function Reason({ dialog }: { dialog: ReasonDialog }) {
  const { for: kind, title, caseId, cautions, placed, submit } = dialog;
  const [text, setText] = useState('');
  const [isTried, setTried] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const parsed = reasonSchema.safeParse(text, { error: validationMessage });
  const common = words.common[kind];
  const obstacles = useObstacles(placed);
  const { changing } = useChanging();
  const goBack = caseId === null ? words.doNotHold : words.putBack;

  const finish = () => {
    setTried(true);
    if (!parsed.success) return input.current?.focus();
    if (toastIfCutOff()) return;
    closeDialog();
    submit(parsed.data);
  };
  const onKey = (event: KeyboardEvent) => {
    const { key, target } = event;
    if (key === 'Enter' && !event.shiftKey) {
      // Enter on a button presses it.
      if (target instanceof HTMLButtonElement && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      finish();
    } else if (target !== input.current && !hasModifier(event)) {
      const picked = common[Number(key) - 1];
      if (picked !== undefined) setText(picked);
      // Letters typed anywhere go into the field.
      else if (key.length === 1 && key !== ' ') input.current?.focus();
    }
  };
  return (
    <Panel
      title={title}
      caseId={caseId}
      isAtGhost={placed.length > 0}
      text={
        <>
          <p>{words.why[kind]}</p>
          {cautions.length > 0 && <Cautions lines={cautions} />}
          {obstacles.map((line) => (
            <p key={line} className={styles['hard']}>
              <span aria-hidden="true">✕ </span>
              {words.noHelp(line)}
            </p>
          ))}
        </>
      }
      onKey={onKey}
      answers={
        <KeyButton keys="Enter" {...(kind !== 'override' && { color: 'red' })} {...changing(finish)}>
          {words.do[kind]}
        </KeyButton>
      }
      leave={placed.length === 0 ? words.leave[kind] : goBack}
    >
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
    </Panel>
  );
}

type PanelProps = {
  title: string;
  caseId: string | null;
  isAtGhost?: boolean;
  /** The reason for the question. */
  text: ReactNode;
  /** Handles every key but Esc, which closes the question. */
  onKey: (event: KeyboardEvent) => void;
  answers: ReactNode;
  /** The label of the button that closes the question. */
  leave: string;
  children?: ReactNode;
};

function Panel({ title, caseId, isAtGhost = false, text, onKey, answers, leave, children }: PanelProps) {
  const titleId = useId();
  const textId = useId();
  const { why } = useChanging();
  return (
    <Floating
      caseId={caseId}
      isAtGhost={isAtGhost}
      labelledBy={titleId}
      describedBy={textId}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return onKey(event);
        event.preventDefault();
        closeDialog();
      }}
    >
      <div className={styles.question} data-autofocus tabIndex={-1}>
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
        <div id={textId} className={styles.why}>
          {text}
        </div>
        {children}
        {why !== null && <Callout>{why}</Callout>}
        <div className={styles.foot}>
          {answers}
          <span className={styles.gap} />
          <KeyButton keys="Escape" variant="default" onClick={closeDialog}>
            {leave}
          </KeyButton>
        </div>
      </div>
    </Floating>
  );
}

const Cautions = ({ lines }: { lines: readonly string[] }) => (
  <ul className={styles.cautions}>
    {lines.map((line) => (
      <li key={line}>
        <span aria-hidden="true">! </span>
        {line}
      </li>
    ))}
  </ul>
);

const hasModifier = ({ ctrlKey, altKey, metaKey }: KeyboardEvent) => ctrlKey || altKey || metaKey;

/** Returns conflicts that a reason does not override. Not for a swap or a delay: cases that move together don't conflict. */
function useObstacles(placed: ReasonDialog['placed']): string[] {
  const view = useStore(boardStore, (state) => state.view);
  useNow(1_000);
  const [item, ...others] = placed;
  if (!view || !item || others.length > 0) return [];
  const zone = view.board.site.timeZone;
  return verdictOf(view, item, callerNow()).obstacles.map((each) =>
    obstacleWords(each, nameOf, zone, meNow()),
  );
}
