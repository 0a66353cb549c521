import { shell } from '../shell/shell.ts';
import { announce } from '../stores/announcements.ts';
import { openDialog } from '../stores/dialogs.ts';
import { openWork } from '../stores/open-work.ts';
import { openPalette } from '../stores/palette.ts';
import { setPreferences } from '../stores/preferences.ts';
import { lock, signOut } from '../stores/session.ts';
import { toast } from '../stores/toasts.ts';
import { undo, undoStore } from '../stores/undo.ts';
import { updateStore } from '../stores/update.ts';
import { actionNames as names } from '../words/actions.ts';
import { keyWords as words } from '../words/keys.ts';
import type { Action } from './action.ts';

const program = { group: 'program', where: 'anywhere' } as const;

function undoLast() {
  if (undoStore.getState().steps.length > 0) void undo();
  else {
    toast(words.nothingToUndo);
    announce(words.nothingToUndo);
  }
}

/** Prints the day list. Shows an error, such as a missing printer, in a toast. */
async function print() {
  try {
    await shell.print();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    toast(error.message);
    announce(error.message);
  }
}

export const programActions: readonly Action[] = [
  {
    ...program,
    id: 'palette',
    name: names.palette,
    keys: ['Ctrl+k'],
    where: 'typing',
    isKeyOnly: true,
    run: openPalette,
  },
  { ...program, id: 'undo', name: names.undo, keys: ['Ctrl+z'], changes: true, run: undoLast },
  {
    ...program,
    id: 'print',
    name: names.print,
    keys: ['Ctrl+p'],
    where: 'typing',
    run: () => void print(),
  },
  {
    ...program,
    id: 'queue',
    name: names.queue,
    keys: ['Ctrl+j'],
    where: 'typing',
    run: () => openDialog({ kind: 'queue' }),
  },
  { ...program, id: 'keys', name: names.keys, keys: ['?'], run: () => openDialog({ kind: 'keys' }) },
  { ...program, id: 'lock', name: names.lock, keys: ['l'], run: () => void lock() },
  {
    ...program,
    id: 'preferences',
    name: names.preferences,
    keys: ['Ctrl+,'],
    run: () => openDialog({ kind: 'preferences' }),
  },
  {
    ...program,
    id: 'changePassword',
    name: names.changePassword,
    keys: [],
    run: () => openDialog({ kind: 'password' }),
  },
  { ...program, id: 'about', name: names.about, keys: [], run: () => openDialog({ kind: 'about' }) },
  {
    ...program,
    id: 'checkForUpdate',
    name: names.checkForUpdate,
    keys: [],
    isPossible: () => updateStore.getState().update.is !== 'off',
    run: () => {
      openDialog({ kind: 'about' });
      void shell.checkForUpdate();
    },
  },
  {
    ...program,
    id: 'installUpdate',
    name: names.installUpdate,
    keys: [],
    isPossible: () => updateStore.getState().update.is === 'ready',
    // About says what must be finished first.
    run: () => (openWork() === null ? void shell.installUpdate() : openDialog({ kind: 'about' })),
  },
  {
    ...program,
    id: 'darkMode',
    name: names.darkMode,
    keys: [],
    run: () => setPreferences({ theme: 'dark' }),
  },
  {
    ...program,
    id: 'lightMode',
    name: names.lightMode,
    keys: [],
    run: () => setPreferences({ theme: 'light' }),
  },
  {
    ...program,
    id: 'autoMode',
    name: names.autoMode,
    keys: [],
    run: () => setPreferences({ theme: 'auto' }),
  },
  { ...program, id: 'signOut', name: names.signOut, keys: [], run: () => void signOut() },
];
