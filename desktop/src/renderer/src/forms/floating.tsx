import { FocusTrap } from '@mantine/core';
import { useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useReturnFocus } from '../ui/use-return-focus.ts';
import { placeBeside, margin } from './place-beside.ts';
import styles from './floating.module.css';

/** Where it would come to stand, if that is what it is about; else its card on the board, or the one in the depot. */
const cardOf = (caseId: string | null, isAtGhost: boolean) =>
  (isAtGhost ? document.querySelector('[data-ghost]') : null) ??
  (caseId === null
    ? null
    : (document.querySelector(`[role="gridcell"][data-case="${caseId}"]`) ??
      document.querySelector(`[data-case="${caseId}"]`)));

/** How long a card may take to appear before the panel goes without it. */
const patienceMs = 250;

type Props = {
  /** The case beside whose card it stands. */
  caseId: string | null;
  /** It is about where something would come to stand. */
  isAtGhost?: boolean;
  role?: 'dialog' | 'alertdialog';
  labelledBy: string;
  describedBy?: string;
  onKeyDown: (event: KeyboardEvent) => void;
  children: ReactNode;
};

/** A panel that floats beside the card it is about, and never covers it. The board stays in sight and in reach. */
export function Floating({
  caseId,
  isAtGhost = false,
  role = 'dialog',
  labelledBy,
  describedBy,
  onKeyDown,
  children,
}: Props) {
  const panel = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);
  useReturnFocus();

  useLayoutEffect(() => {
    const node = panel.current;
    if (!node) return undefined;
    const opened = performance.now();
    const position = () => {
      const card = cardOf(caseId, isAtGhost);
      if (!card && performance.now() - opened < patienceMs) return;
      const { width, height } = node.getBoundingClientRect();
      const viewport = { width: window.innerWidth, height: window.innerHeight };
      setPlace(placeBeside(card?.getBoundingClientRect() ?? null, { width, height }, viewport));
    };
    position();
    const late = setTimeout(position, patienceMs);
    // The card comes with the board; until then the panel is there for the keyboard, and not yet to be seen.
    const watch = new MutationObserver(() => {
      if (!cardOf(caseId, isAtGhost)) return;
      watch.disconnect();
      position();
    });
    if (!cardOf(caseId, isAtGhost)) watch.observe(document.body, { childList: true, subtree: true });
    // What appears in it lengthens it downwards, for as long as there is room.
    const sized = new ResizeObserver(() => {
      const { height } = node.getBoundingClientRect();
      setPlace(
        (now) =>
          now && { ...now, top: Math.max(margin, Math.min(now.top, window.innerHeight - height - margin)) },
      );
    });
    sized.observe(node);
    window.addEventListener('resize', position);
    window.addEventListener('scroll', position, { capture: true, passive: true });
    return () => {
      clearTimeout(late);
      watch.disconnect();
      sized.disconnect();
      window.removeEventListener('resize', position);
      window.removeEventListener('scroll', position, { capture: true });
    };
  }, [caseId, isAtGhost]);

  return createPortal(
    <FocusTrap innerRef={panel}>
      <div
        role={role}
        aria-labelledby={labelledBy}
        aria-describedby={describedBy}
        className={styles.floating}
        data-floating
        data-placed={place !== null}
        style={place ? { left: place.left, top: place.top } : { left: 0, top: 0 }}
        onKeyDown={onKeyDown}
      >
        {children}
      </div>
    </FocusTrap>,
    document.body,
  );
}
