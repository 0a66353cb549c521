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

/** The toasts. A toast stays while the pointer or the focus is on it. */
export function Toasts() {
  const toasts = useStore(toastStore, (state) => state.toasts);
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const last = toasts.findLast((each) => each.undo !== null);
  return (
    <section
      className={styles.toasts}
      aria-label={words.region}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setFocused(false);
      }}
    >
      {toasts.map((each) => (
        <OneToast
          key={each.id}
          toast={each}
          isPaused={isPointed || isFocused}
          hasKey={each === last}
          // A button that disappears takes the focus with it, without an event.
          onGone={() => setFocused(false)}
        />
      ))}
    </section>
  );
}

function OneToast({
  toast: { id, text, undo, goTo, stays },
  isPaused,
  hasKey,
  onGone,
}: {
  toast: Toast;
  isPaused: boolean;
  hasKey: boolean;
  onGone: () => void;
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
    onGone();
  };
  // Toasts that disappear by themselves are announced elsewhere.
  return (
    <div className={styles.toast} role={stays ? 'alert' : undefined} data-stays={stays || undefined}>
      <span>
        {stays && <span aria-hidden="true">▲ </span>}
        {text}
      </span>
      {goTo && (
        <UnstyledButton className={styles.undo} onClick={goTo.run}>
          {goTo.label}
        </UnstyledButton>
      )}
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
