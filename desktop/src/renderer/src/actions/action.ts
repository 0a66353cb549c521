/** Something a person can do: by key, in a menu or in the palette. */
export type Action = {
  readonly id: string;
  /** As shown in the palette and in the sheet of keys. */
  readonly name: string;
  readonly group: ActionGroup;
  /** Spelled as in `spelling.ts`: `h`, `?`, `Alt+ArrowLeft`, `Ctrl+k` (on a Mac, Ctrl is ⌘). */
  readonly keys: readonly string[];
  readonly where: Where;
  /** Not in the palette, because it makes sense only at the cursor. */
  readonly isKeyOnly?: true;
  /** Repeats while the key is held down. */
  readonly isRepeated?: true;
  /** Changes something on the server, or leads to a change. Refused while the server is unreachable. */
  readonly changes?: true;
  readonly isPossible?: () => boolean;
  /** Returns the toast for pressing its key while it is not possible; null if no explanation is needed. */
  readonly whyNot?: () => string | null;
  /** `keys` is the key that was pressed; from a menu or the palette, its first key. */
  readonly run: (keys: string) => void;
};

type ActionGroup = 'around' | 'cases' | 'views' | 'administration' | 'program';

/**
 * Where the focus must be for the keys to work. `board`: on the board, or nowhere. `lists`: also on a case of the depot or
 * the list. `anywhere`: also elsewhere, but not while typing or in a dialog. `typing`: even while typing.
 */
export type Where = 'board' | 'lists' | 'anywhere' | 'typing';
