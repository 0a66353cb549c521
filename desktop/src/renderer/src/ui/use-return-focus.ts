import { useEffect, useRef } from 'react';

/** Returns the focus when a dialog closes: to the element that had it before, or to the board if that is gone. */
export function useReturnFocus(): void {
  const origin = useRef<Element | null>(null);
  origin.current ??= document.activeElement;
  useEffect(
    () => () => {
      const back = origin.current;
      // A click elsewhere has closed the dialog: leave the focus there.
      const { activeElement } = document;
      if (activeElement !== null && activeElement !== document.body && activeElement.isConnected) return;
      const target =
        back instanceof HTMLElement && back.isConnected && back !== document.body
          ? back
          : document.querySelector<HTMLElement>('[role="grid"]');
      target?.focus({ preventScroll: true });
    },
    [],
  );
}
