import { Button } from '@mantine/core';
import { useId, useLayoutEffect, useRef } from 'react';
import { useChanging } from '../../../forms/use-changing.ts';
import { unreachableReason } from '../../../stores/cut-off.ts';
import { adminWords as words } from '../../../words/administration.ts';
import styles from './record-panel.module.css';

type Question = { text: string; label: string; isSending: boolean; confirm: () => void; leave: () => void };

/** Says what cannot be undone before it is done. Esc leaves it, and the focus stays in the panel. */
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
