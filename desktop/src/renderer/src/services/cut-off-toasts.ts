import { connectionStore, isCutOff } from '../stores/connection.ts';
import { dismissAbout } from '../stores/toasts.ts';

/** Dismisses toasts that say the server cannot be reached, once it can. */
export const dismissCutOffToasts = (): (() => void) =>
  connectionStore.subscribe(() => {
    if (!isCutOff()) dismissAbout('cut_off');
  });
