import { useEffect, useRef } from 'react';

/** Whoever leaves a dialog is where they came from; on the board, when that is gone by then. */
export function useReturnFocus(): void {
  const origin = useRef<Element | null>(null);
  origin.current ??= document.activeElement;
  useEffect(
    () => () => {
      const back = origin.current;
      // Left for something else meanwhile, by a click into the board: then that has the focus.
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
