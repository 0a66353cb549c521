import type { Judged } from './intents/proposals.ts';

/** One line of the palette: what it will do, as a sentence. `run` is null where it cannot, and `detail` says why. */
export type Entry = {
  readonly id: string;
  readonly label: readonly (string | { strong: string })[];
  readonly detail: string | null;
  readonly judged: Judged | null;
  /** A key of the table, or of the palette itself. */
  readonly keys: string | null;
  readonly run: (() => void) | null;
  /** It changes what the server has. */
  readonly changes?: true;
  /** Leads to a place on the board, which has the keyboard then. */
  readonly isOnBoard?: true;
  /** One of several that may be meant: Enter takes none of them before one is chosen. */
  readonly mustChoose?: true;
};
export type Group = { readonly id: string; readonly name: string; readonly entries: readonly Entry[] };

export const plainEntry = { detail: null, judged: null, keys: null } as const;
export const dot = ' · ';

/** Several are one question: which? */
export const asked = (entries: readonly Entry[]): Entry[] =>
  entries.length < 2 ? [...entries] : entries.map((entry) => ({ ...entry, keys: null, mustChoose: true }));
