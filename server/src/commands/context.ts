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
  /** Made by the client: the same key is the same command, and the id of what the command creates. */
  readonly key: string;
  /** What the key stands for; another request under the same key is refused. */
  readonly fingerprint: Buffer;
  /** What is being done, in the words of the contract. */
  readonly name: string;
};

export type CommandReply = { status: number; body: Record<string, unknown>; replayed: boolean };

/** Where a command stands: its transaction, its site, and what the caller may do there. */
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
  /** Holds that were overdue and in the way, and ended in this transaction. */
  readonly expired: Case[];
};

export type Outcome = {
  status: number;
  body: Record<string, unknown>;
  cases?: Case[];
  changes: ChangeBody[];
  /** For the audit, beside the cases: never who the patient is. */
  detail?: Record<string, unknown>;
  /** What to publish after the commit, besides the change of the site. */
  notifications?: Notification[];
};
