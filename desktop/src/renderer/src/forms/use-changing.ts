import { useStore } from 'zustand';
import { connectionStore } from '../stores/connection.ts';
import { tellCutOff, whyCutOff } from '../stores/cut-off.ts';

/**
 * For buttons that change what the server has. While it cannot be reached they stay where they are and can be found,
 * look and are called unavailable, and say why: beside them, in what `whyId` names, and when they are pressed.
 */
export function useChanging() {
  const why = useStore(connectionStore, whyCutOff);
  const changing = (run: () => void, whyId?: string) =>
    why === null
      ? { onClick: run }
      : {
          onClick: () => void tellCutOff(),
          'aria-disabled': true as const,
          'data-disabled': true as const,
          ...(whyId !== undefined && { 'aria-describedby': whyId }),
        };
  return { why, changing };
}
