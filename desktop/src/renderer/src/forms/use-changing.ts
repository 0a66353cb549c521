import { useStore } from 'zustand';
import { connectionStore } from '../stores/connection.ts';
import { toastIfCutOff, cutOffReason } from '../stores/cut-off.ts';

/**
 * Returns props for buttons that change something on the server. While it is unreachable, they stay focusable but are
 * marked unavailable. The reason is in the element `whyId` and in a toast when pressed.
 */
export function useChanging(reason = cutOffReason) {
  const why = useStore(connectionStore, reason);
  const changing = (run: () => void, whyId?: string) =>
    why === null
      ? { onClick: run }
      : {
          onClick: () => void toastIfCutOff(why),
          'aria-disabled': true as const,
          'data-disabled': true as const,
          ...(whyId !== undefined && { 'aria-describedby': whyId }),
        };
  return { why, changing };
}
