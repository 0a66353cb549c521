import type { MantineColorSchemeManager } from '@mantine/core';
import { preferencesStore, setPreferences } from '../../stores/preferences.ts';

/** Makes the component library read the color scheme from the preferences, instead of storing its own. */
export const colorScheme: MantineColorSchemeManager = {
  get: () => preferencesStore.getState().theme,
  set: (theme) => setPreferences({ theme }),
  subscribe: (update) => {
    stop = preferencesStore.subscribe(({ theme }, before) => theme !== before.theme && update(theme));
  },
  unsubscribe: () => stop(),
  clear: () => setPreferences({ theme: 'auto' }),
};
let stop = () => {};
