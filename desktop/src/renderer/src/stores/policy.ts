import { createStore } from 'zustand/vanilla';
import type { ConsolePolicy } from '../shell/shell.ts';

/** The settings of the administrators for this workstation. `main.tsx` sets them once, before anything else starts. */
export const policyStore = createStore<ConsolePolicy>(() => ({
  isServerLocked: false,
  isWallBoard: false,
  site: null,
  idleMinutes: null,
  holdTime: null,
}));
