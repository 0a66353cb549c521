import { FocusTrap } from '@mantine/core';
import { useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useReturnFocus } from '../ui/use-return-focus.ts';
import { placeBeside, margin } from './place-beside.ts';
import styles from './floating.module.css';

/** Finds the element for the panel: the ghost, the card on the board, or the card in the depot. */
const cardOf = (caseId: string | null, isAtGhost: boolean) =>
  (isAtGhost ? document.querySelector('[data-ghost]') : null) ??
  (caseId === null
    ? null
    : (document.querySelector(`[role="gridcell"][data-case="${caseId}"]`) ??
      document.querySelector(`[data-case="${caseId}"]`)));

/** The panel waits this long for the card to appear. */
const cardWaitMs = 250;

type Props = {
  /** The case whose card the panel is next to. */
  caseId: string | null;
  /** Whether the panel belongs to the ghost. */
  isAtGhost?: boolean;
  role?: 'dialog' | 'alertdialog';
  labelledBy: string;
  describedBy?: string;
  onKeyDown: (event: KeyboardEvent) => void;
  children: ReactNode;
};

/** A panel that floats next to its card and never covers it. The board stays visible and usable. */
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
      if (!card && performance.now() - opened < cardWaitMs) return;
      const { width, height } = node.getBoundingClientRect();
      const viewport = { width: window.innerWidth, height: window.innerHeight };
      setPlace(placeBeside(card?.getBoundingClientRect() ?? null, { width, height }, viewport));
    };
    position();
    const timer = setTimeout(position, cardWaitMs);
    // The card appears with the next board. Until then the panel has the focus but is invisible.
    const appearance = new MutationObserver(() => {
      if (!cardOf(caseId, isAtGhost)) return;
      appearance.disconnect();
      position();
    });
    if (!cardOf(caseId, isAtGhost)) appearance.observe(document.body, { childList: true, subtree: true });
    // Keep the panel inside the window when its height changes.
    const resize = new ResizeObserver(() => {
      const { height } = node.getBoundingClientRect();
      setPlace(
        (now) =>
          now && { ...now, top: Math.max(margin, Math.min(now.top, window.innerHeight - height - margin)) },
      );
    });
    resize.observe(node);
    window.addEventListener('resize', position);
    window.addEventListener('scroll', position, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      appearance.disconnect();
      resize.disconnect();
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
