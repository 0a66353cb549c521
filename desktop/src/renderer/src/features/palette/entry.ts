/** The console's own judgement of a place, before anything is sent; the server decides. */
export type Judgement = { tone: 'good' | 'doubtful' | 'bad' | 'unknown'; text: string };

/** One line of the palette: a sentence that says what it will do. If it can't, `run` is null and `detail` says why. */
export type Entry = {
  readonly id: string;
  readonly label: readonly (string | { strong: string })[];
  readonly detail: string | null;
  readonly judgement: Judgement | null;
  /** A key of the table of actions, or of the palette itself. */
  readonly keys: string | null;
  readonly run: (() => void) | null;
  /** It sends a change to the server. */
  readonly changes?: true;
  /** It leads to a place on the board, which then gets the keyboard focus. */
  readonly isOnBoard?: true;
  /** One of several possible meanings: Enter runs none of them until one is chosen. */
  readonly mustChoose?: true;
};
export type Group = { readonly id: string; readonly name: string; readonly entries: readonly Entry[] };

export const plainEntry = { detail: null, judgement: null, keys: null } as const;
export const dot = ' · ';

/** Several entries are a question: which one? */
export const askWhich = (entries: readonly Entry[]): Entry[] =>
  entries.length < 2 ? [...entries] : entries.map((entry) => ({ ...entry, keys: null, mustChoose: true }));
