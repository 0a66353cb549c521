import { Button } from '@mantine/core';
import type { Problem } from '@slate/shared/errors';
import { useId, useLayoutEffect, useRef, useState } from 'react';
import { useChanging } from '../../../forms/use-changing.ts';
import { unreachableReason } from '../../../stores/cut-off.ts';
import { Callout } from '../../../ui/callout.tsx';
import { adminWords as words } from '../../../words/administration.ts';
import styles from './record-panel.module.css';

type Refused = (problem: Problem) => boolean;

type Question = { text: string; label: string; isSending: boolean; confirm: () => void; leave: () => void };

/** Asks before a command that cannot be undone. Esc closes the question, and the focus stays in the panel. */
export function Confirm({ text, label, isSending, confirm, leave }: Question) {
  const textId = useId();
  const button = useRef<HTMLButtonElement>(null);
  const { changing } = useChanging(unreachableReason);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const question = box.current;
    const panel = question?.closest('section');
    button.current?.focus();
    return () => {
      const { activeElement } = document;
      if (activeElement === document.body || question?.contains(activeElement)) panel?.focus();
    };
  }, []);
  return (
    <div
      ref={box}
      className={styles.confirm}
      role="alertdialog"
      aria-labelledby={textId}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        leave();
      }}
    >
      <p id={textId} className={styles.question}>
        {text}
      </p>
      <div className={styles.buttons}>
        <Button size="xs" color="red" loading={isSending} {...changing(confirm)}>
          {label}
        </Button>
        <Button ref={button} size="xs" variant="default" onClick={leave}>
          {words.leave}
        </Button>
      </div>
    </div>
  );
}

/** Sends commands outside of a form, after a question. `asked`: the command in the question; null: none. */
export function useConfirmed<Command>() {
  const [asked, setAsked] = useState<Command | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  return {
    asked,
    problem,
    isSending,
    ask: (command: Command) => {
      setProblem(null);
      setAsked(command);
    },
    leave: () => setAsked(null),
    run: async (send: (refused: Refused) => Promise<void>) => {
      setProblem(null);
      setSending(true);
      await send(({ code, detail }) => {
        setProblem(code === 'stale_version' ? words.isStale : detail);
        return true;
      });
      setSending(false);
      setAsked(null);
    },
  };
}

type Props = {
  label: string;
  question: string;
  confirm: string;
  send: (refused: Refused) => Promise<void>;
};

/** A button for one command that asks before it sends. */
export function ConfirmedButton({ label, question, confirm, send }: Props) {
  const { asked, problem, isSending, ask, leave, run } = useConfirmed<true>();
  const { changing } = useChanging(unreachableReason);
  return (
    <>
      {problem !== null && <Callout>{problem}</Callout>}
      {asked ? (
        <Confirm
          text={question}
          label={confirm}
          isSending={isSending}
          confirm={() => void run(send)}
          leave={leave}
        />
      ) : (
        <div className={styles.buttons}>
          <Button size="xs" variant="default" {...changing(() => ask(true))}>
            {label}
          </Button>
        </div>
      )}
    </>
  );
}
