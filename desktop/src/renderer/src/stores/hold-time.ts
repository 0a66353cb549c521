import { countdown, timeOf } from '../words/time.ts';
import { preferencesStore } from './preferences.ts';
import { zoneNow } from './view.ts';

/** Whether this workstation shows when a hold ends, instead of the time left. */
export const showsEnd = () => preferencesStore.getState().holdTime === 'end';

/** The rest of a hold as this workstation shows it: `4:48` left, or until `09:44`. */
export const holdTimeOf = (expiresAt: string, now: number): string =>
  showsEnd() ? timeOf(expiresAt, zoneNow()) : countdown(Date.parse(expiresAt) - now);
