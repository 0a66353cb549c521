import { Textarea, UnstyledButton } from '@mantine/core';
import { reason as reasonSchema } from '@slate/shared/cases';
import { reasonsFor } from '@slate/shared/reasons';
import { validationMessage } from '@slate/shared/validation-message';
import { useId, useMemo, useRef, useState } from 'react';
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
import type { QuestionDialog, ReasonDialog, ReasonFor } from '../../stores/dialogs.ts';
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

/** Asks for a reason before a command is sent: one of the site's list by its digit, typed text, or both. */
export function Reason({ dialog }: { dialog: ReasonDialog }) {
  const { for: kind, title, caseId, cautions, placed, submit, skip } = dialog;
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Choice | null>(null);
  const [isTried, setTried] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const isEmpty = text.trim() === '';
  const parsed = reasonSchema.safeParse(isEmpty && chosen ? chosen.text : text, { error: validationMessage });
  const choices = useChoices(kind);
  const obstacles = useObstacles(placed);
  const { changing } = useChanging();
  const goBack = caseId === null ? words.doNotHold : words.putBack;

  const finish = () => {
    setTried(true);
    const isSkipped = skip !== undefined && isEmpty && !chosen;
    if (!parsed.success && !isSkipped) return input.current?.focus();
    if (toastIfCutOff()) return;
    closeDialog();
    if (parsed.success) submit({ text: parsed.data, code: chosen?.code ?? null });
    else skip?.();
  };
  /** Chooses a reason; once more takes it back. */
  const choose = (choice: Choice) => setChosen((before) => (before?.text === choice.text ? null : choice));
  const onKey = (event: KeyboardEvent) => {
    const { key, target } = event;
    if (key === 'Enter' && !event.shiftKey) {
      // Enter on a button presses it.
      if (target instanceof HTMLButtonElement && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      finish();
    } else if (target !== input.current && !hasModifier(event)) {
      const picked = choices[Number(key) - 1];
      if (picked) choose(picked);
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
        <KeyButton keys="Enter" {...(isFinal.has(kind) && { color: 'red' })} {...changing(finish)}>
          {words.do[kind]}
        </KeyButton>
      }
      leave={placed.length === 0 ? words.leave[kind] : goBack}
    >
      <div className={styles.common} role="group" aria-label={words.quick}>
        {choices.map((each, index) => (
          <UnstyledButton
            key={each.text}
            className={styles.pick}
            aria-pressed={chosen?.text === each.text}
            aria-keyshortcuts={index < mostDigits ? String(index + 1) : undefined}
            onClick={() => choose(each)}
          >
            {index < mostDigits && <Kbd isHidden>{index + 1}</Kbd>}
            {each.text}
          </UnstyledButton>
        ))}
      </div>
      <Textarea
        ref={input}
        size="xs"
        label={words.label}
        placeholder={chosen ? words.besides : skip && words.optional}
        description={words.hint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autosize
        minRows={2}
        maxRows={5}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={(isTried || !isEmpty) && !parsed.success ? parsed.error.issues[0]?.message : null}
      />
    </Panel>
  );
}

/** Commands that take time away from others, or that cannot be undone. */
const isFinal: ReadonlySet<ReasonFor> = new Set(['cancel', 'bump', 'void', 'close']);
const mostDigits = 9;
/** A reason of the site's list, or a suggestion without a code. */
type Choice = { readonly text: string; readonly code: string | null };

function useChoices(kind: ReasonFor): readonly Choice[] {
  const reasons = useStore(boardStore, ({ view }) => view?.board.site.reasons);
  return useMemo(
    () =>
      kind === 'close'
        ? words.closing.map((text) => ({ text, code: null }))
        : reasonsFor(reasons ?? [], kind),
    [kind, reasons],
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
