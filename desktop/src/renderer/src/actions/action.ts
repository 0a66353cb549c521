/** Something a person can do by key, by menu or in the palette, described once for all of them. */
export type Action = {
  readonly id: string;
  /** As shown in the palette and in the sheet of keys. */
  readonly name: string;
  readonly group: ActionGroup;
  /** Spelled as in `spelling.ts`: `h`, `?`, `Alt+ArrowLeft`, `Ctrl+k` (on a Mac, Ctrl is ⌘). */
  readonly keys: readonly string[];
  readonly where: Where;
  /** Not in the palette: it makes sense only at the cursor. */
  readonly isKeyOnly?: true;
  /** Repeats while the key is held down. */
  readonly isRepeated?: true;
  /** It changes something on the server, or leads to that: refused while the server cannot be reached. */
  readonly changes?: true;
  readonly isPossible?: () => boolean;
  /** The toast for pressing its key where it is not possible; null if no explanation is needed. */
  readonly whyNot?: () => string | null;
  /** `keys`: the pressed one of its keys; from a menu or the palette, the first. */
  readonly run: (keys: string) => void;
};

type ActionGroup = 'around' | 'cases' | 'views' | 'program';

/**
 * `board`: the board has the focus, or nothing has. `lists`: also a case of the depot. `anywhere`: also elsewhere, but not
 * while typing or in a dialog. `typing`: even while typing.
 */
export type Where = 'board' | 'lists' | 'anywhere' | 'typing';
