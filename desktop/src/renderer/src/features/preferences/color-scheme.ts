import type { MantineColorSchemeManager } from '@mantine/core';
import { prefer, preferencesStore } from '../../stores/preferences.ts';

/** The kit asks here which colours are wanted, instead of keeping a choice of its own beside the workstation's. */
export const colorScheme: MantineColorSchemeManager = {
  get: () => preferencesStore.getState().theme,
  set: (theme) => prefer({ theme }),
  subscribe: (update) => {
    stop = preferencesStore.subscribe(({ theme }, before) => theme !== before.theme && update(theme));
  },
  unsubscribe: () => stop(),
  clear: () => prefer({ theme: 'auto' }),
};
let stop = () => {};
