import type { Case, PlacedCase } from '@slate/shared/cases';
import type { ChangeBody } from '@slate/shared/changes';
import type { CaseInTheWay } from '@slate/shared/contract/decisions';
import type { Actor } from '@slate/shared/fields';
import type { Role } from '@slate/shared/permissions';
import type { SiteSettings } from '@slate/shared/sites';
import type { Database } from '../db/pool.ts';
import type { Tx } from '../db/transaction.ts';
import type { Notification } from '../db/wake-ups.ts';

export type CommandDeps = {
  readonly pool: Database;
  /** Called after the commit. */
  readonly publish: (notification: Notification) => void;
};

export type CommandRequest = {
  readonly siteId: string;
  readonly userId: string;
  /** A UUID made by the client. The same key is the same command; it is also the id of what the command creates. */
  readonly key: string;
  /** A hash of the request. Another request under the same key is refused. */
  readonly fingerprint: Buffer;
  /** The name of the route. */
  readonly name: string;
  /** The device whose queue it is from, and its position there. */
  readonly queued?: { readonly device: string; readonly n: number } | undefined;
  /**
   * Makes the command a preview: it runs as always, but collects the cases in its way instead of refusing them. Then this
   * is called, and everything is rolled back. What the cases claim of the changed resource is free by then.
   */
  readonly preview?: (context: Context) => Promise<unknown>;
  /** Does more in the same transaction, after the command itself. */
  readonly andThen?: (context: Context, outcome: Outcome) => Promise<Outcome>;
};

/** A case in the way of a change. */
export type InTheWay = {
  readonly case: PlacedCase;
  readonly why: CaseInTheWay['why'];
  readonly canStay: boolean;
  /** For a change of its procedure: the case with the new needs, and what stops it from taking them at its place. */
  readonly carry?: { readonly after: PlacedCase; readonly problem: string | null };
};

export type CommandReply = {
  status: number;
  body: Record<string, unknown>;
  replayed: boolean;
  /** The position of the device after a queued command. */
  position?: number | undefined;
};

/** The context of a command: its transaction, its site, and the caller's role there. */
export type Context = {
  readonly tx: Tx;
  readonly request: CommandRequest;
  readonly zone: string;
  readonly settings: SiteSettings;
  /** The database's clock when the command began, before its locks. */
  readonly began: string;
  readonly actor: Actor;
  readonly role: Role;
  readonly surgeonIds: readonly string[];
  /** Overdue holds in the way, which this transaction has ended. */
  readonly expired: Case[];
  /** Of a preview: the cases in the way. */
  readonly inTheWay: InTheWay[];
};

export type Outcome = {
  status: number;
  body: Record<string, unknown>;
  cases?: readonly Case[];
  changes: readonly ChangeBody[];
  /** More detail for the audit. Never patient data. */
  detail?: Record<string, unknown>;
  /** Notifications to publish after the commit, besides the one of the site. */
  notifications?: Notification[];
};
