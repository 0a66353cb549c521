/** Something a person can do by key, by menu or in the palette: described once, for all of them. */
export type Action = {
  readonly id: string;
  /** As the palette and the sheet of keys name it. */
  readonly name: string;
  readonly group: 'around' | 'cases' | 'views' | 'program';
  /** As `keys.ts` spells them: `h`, `?`, `Alt+ArrowLeft`, `Ctrl+k` (on a Mac, Ctrl is ⌘). */
  readonly keys: readonly string[];
  /** `board`: while the board has the keyboard. `anywhere`: also elsewhere, though never while typing. */
  readonly where: 'board' | 'anywhere';
  /** Not in the palette: it makes sense only where the cursor is. */
  readonly isKeyOnly?: true;
  /** Left out: always. */
  readonly isPossible?: () => boolean;
  readonly run: () => void;
};
