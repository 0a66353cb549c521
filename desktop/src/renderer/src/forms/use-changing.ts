import { useStore } from 'zustand';
import { connectionStore } from '../stores/connection.ts';
import { toastIfCutOff, cutOffReason } from '../stores/cut-off.ts';

/**
 * For buttons that change something on the server. While it cannot be reached they stay in place and focusable, are
 * marked unavailable, and say why: next to them, in the element `whyId`, and when pressed.
 */
export function useChanging() {
  const why = useStore(connectionStore, cutOffReason);
  const changing = (run: () => void, whyId?: string) =>
    why === null
      ? { onClick: run }
      : {
          onClick: () => void toastIfCutOff(),
          'aria-disabled': true as const,
          'data-disabled': true as const,
          ...(whyId !== undefined && { 'aria-describedby': whyId }),
        };
  return { why, changing };
}
