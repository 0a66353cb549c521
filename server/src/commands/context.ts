import type { Case } from '@slate/shared/cases';
import type { ChangeBody } from '@slate/shared/changes';
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
};

export type Outcome = {
  status: number;
  body: Record<string, unknown>;
  cases?: Case[];
  changes: ChangeBody[];
  /** More detail for the audit. Never patient data. */
  detail?: Record<string, unknown>;
  /** Notifications to publish after the commit, besides the one of the site. */
  notifications?: Notification[];
};
