/** Something a person can do by key, by menu or in the palette: described once, for all of them. */
export type Action = {
  readonly id: string;
  /** As the palette and the sheet of keys name it. */
  readonly name: string;
  readonly group: ActionGroup;
  /** As `spelling.ts` spells them: `h`, `?`, `Alt+ArrowLeft`, `Ctrl+k` (on a Mac, Ctrl is ⌘). */
  readonly keys: readonly string[];
  readonly where: Where;
  /** Not in the palette: it makes sense only where the cursor is. */
  readonly isKeyOnly?: true;
  /** Does it again for as long as the key is held down. */
  readonly isRepeated?: true;
  /** It changes what the server has, or leads to that: not while the server cannot be reached. */
  readonly changes?: true;
  /** Left out: always. */
  readonly isPossible?: () => boolean;
  /** Said to whoever presses its key where it is not possible; nothing, where that explains itself. */
  readonly whyNot?: () => string | null;
  /** Told which of its keys it was; from a menu or the palette, the first. */
  readonly run: (keys: string) => void;
};

type ActionGroup = 'around' | 'cases' | 'views' | 'program';

/**
 * `board`: while the board has the keyboard, or nothing has. `lists`: there and on a case of the depot.
 * `anywhere`: also elsewhere, though never while typing or in a dialog. `typing`: even while typing.
 */
export type Where = 'board' | 'lists' | 'anywhere' | 'typing';
