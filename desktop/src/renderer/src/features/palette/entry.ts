/** The console's judgment of a place, before anything is sent. The server decides. */
export type Judgment = { tone: 'good' | 'doubtful' | 'bad' | 'unknown'; text: string };

/** A line of the palette, with a sentence that says what it will do. If it can't, `run` is null and `detail` says why. */
export type Entry = {
  readonly id: string;
  readonly label: readonly (string | { strong: string })[];
  readonly detail: string | null;
  readonly judgment: Judgment | null;
  /** A key from the table of actions, or of the palette itself. */
  readonly keys: string | null;
  readonly run: (() => void) | null;
  /** Sends a change to the server. */
  readonly changes?: true;
  /** Goes to a place on the board, which then gets the focus. */
  readonly isOnBoard?: true;
  /** One of several possible meanings: Enter runs none of them until one is chosen. */
  readonly mustChoose?: true;
};
export type Group = { readonly id: string; readonly name: string; readonly entries: readonly Entry[] };

export const plainEntry = { detail: null, judgment: null, keys: null } as const;
export const dot = ' · ';

/** Marks several entries as a choice that the person must make. A single entry stays as it is. */
export const asChoice = (entries: readonly Entry[]): Entry[] =>
  entries.length < 2 ? [...entries] : entries.map((entry) => ({ ...entry, keys: null, mustChoose: true }));
