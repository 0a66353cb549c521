import { useStore } from 'zustand';
import { isSingle } from '../../actions/spelling.ts';
import { preferencesStore } from '../../stores/preferences.ts';

/** Whether a key does anything: letters and signs alone can be switched off, and are not offered then. */
export function useInForce(): (keys: string) => boolean {
  const singleKeys = useStore(preferencesStore, (state) => state.singleKeys);
  return (keys) => singleKeys || !isSingle(keys);
}
