import { createStore } from 'zustand/vanilla';
import type { ConsolePolicy } from '../shell/shell.ts';

/** What administrators have set at this workstation. `main.tsx` sets it once, before anything else starts. */
export const policyStore = createStore<ConsolePolicy>(() => ({
  isServerLocked: false,
  isWallBoard: false,
  site: null,
  idleMinutes: null,
  holdTime: null,
}));
