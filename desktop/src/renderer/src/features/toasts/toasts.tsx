import { UnstyledButton } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { ariaKeys, keycaps } from '../../actions/spelling.ts';
import { dismiss, toastStore } from '../../stores/toasts.ts';
import type { Toast } from '../../stores/toasts.ts';
import { CloseIcon } from '../../ui/icons.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { useReturnFocus } from '../../ui/use-return-focus.ts';
import { toastWords as words } from '../../words/status.ts';
import styles from './toasts.module.css';

const shownMs = 8_000;
const undoKeys = 'Ctrl+z';

/** What was just done. A toast stays while the person is reading it or about to press its button. */
export function Toasts() {
  const toasts = useStore(toastStore, (state) => state.toasts);
  const [isPointed, point] = useState(false);
  const [isFocused, focus] = useState(false);
  const last = toasts.findLast((each) => each.undo !== null);
  return (
    <section
      className={styles.toasts}
      aria-label={words.region}
      onPointerEnter={() => point(true)}
      onPointerLeave={() => point(false)}
      onFocus={() => focus(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) focus(false);
      }}
    >
      {toasts.map((each) => (
        <OneToast
          key={each.id}
          toast={each}
          isPaused={isPointed || isFocused}
          hasKey={each === last}
          // A button that disappears takes the focus with it, without an event.
          gone={() => focus(false)}
        />
      ))}
    </section>
  );
}

function OneToast({
  toast: { id, text, undo, stays },
  isPaused,
  hasKey,
  gone,
}: {
  toast: Toast;
  isPaused: boolean;
  hasKey: boolean;
  gone: () => void;
}) {
  useReturnFocus();
  const leftMs = useRef(shownMs);
  useEffect(() => {
    if (stays || isPaused) return undefined;
    const from = performance.now();
    const timer = setTimeout(() => dismiss(id), leftMs.current);
    return () => {
      clearTimeout(timer);
      leftMs.current -= performance.now() - from;
    };
  }, [id, stays, isPaused]);

  const leave = () => {
    dismiss(id);
    gone();
  };
  // Toasts that disappear by themselves are announced elsewhere.
  return (
    <div className={styles.toast} role={stays ? 'alert' : undefined} data-stays={stays || undefined}>
      <span>
        {stays && <span aria-hidden="true">▲ </span>}
        {text}
      </span>
      {undo && (
        <UnstyledButton
          className={styles.undo}
          aria-keyshortcuts={hasKey ? ariaKeys([undoKeys]) : undefined}
          onClick={() => {
            leave();
            undo();
          }}
        >
          {words.undo}
          {hasKey && <Kbd isHidden>{keycaps(undoKeys).join(' ')}</Kbd>}
        </UnstyledButton>
      )}
      <UnstyledButton className={styles.dismiss} aria-label={words.dismiss} onClick={leave}>
        <CloseIcon />
      </UnstyledButton>
    </div>
  );
}
