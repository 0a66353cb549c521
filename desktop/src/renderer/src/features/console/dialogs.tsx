import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { dialogStore } from '../../stores/dialogs.ts';
import type { Dialog } from '../../stores/dialogs.ts';
import { About } from '../about/about.tsx';
import { Preferences } from '../preferences/preferences.tsx';

type Kind = Dialog['kind'];
type Drawn = { [K in Kind]?: (dialog: Extract<Dialog, { kind: K }>) => ReactNode };

const drawn: Drawn = {
  preferences: () => <Preferences />,
  about: () => <About />,
};

/** What lies over the board. One at a time; each closes itself. */
export function Dialogs() {
  const dialog = useStore(dialogStore, (state) => state.dialog);
  if (!dialog) return null;
  const draw = drawn[dialog.kind] as ((dialog: Dialog) => ReactNode) | undefined;
  return draw?.(dialog) ?? null;
}
