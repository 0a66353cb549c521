import type { RouteReply } from '@slate/shared/contract';
import type { Problem } from '@slate/shared/errors';
import { call, download } from '../api/client.ts';
import type { FileReply, Outcome } from '../api/client.ts';
import { shell } from '../shell/shell.ts';
import { reloadMe, sessionStore } from '../stores/session.ts';
import { transferWords as words } from '../words/transfer.ts';
import { toastDone } from './outcome-toasts.ts';

/** A sentence for the person; null: done, or they canceled. */
type Result = Promise<string | null>;
export type Imported = RouteReply<'importSite'>;

/** A file that is sent again without an answer keeps its key, so that it is imported once. */
const keys = new WeakMap<Blob, string>();

/** Imports a file into this empty site. Not queued: it needs the server, and is too large to keep at the desk. */
export function importSite(file: Blob, imported: (reply: Imported) => void): Result {
  const key = keys.get(file) ?? crypto.randomUUID();
  keys.set(file, key);
  return finishImport(call('importSite', atSite(), { key, file, isLong: true }), imported);
}

let demoKey = crypto.randomUUID();
/** Fills this empty site with the demo hospital. */
export async function loadDemo(imported: (reply: Imported) => void): Result {
  const outcome = call('loadDemo', atSite(), { key: demoKey, isLong: true });
  const result = await finishImport(outcome, imported);
  if ((await outcome).kind !== 'unreachable') demoKey = crypto.randomUUID();
  return result;
}

function atSite() {
  const session = sessionStore.getState();
  return { params: { site: session.status === 'signed_in' ? session.site.id : '' } };
}

async function finishImport(sent: Promise<Outcome<Imported>>, imported: (reply: Imported) => void): Result {
  const outcome = await sent;
  if (outcome.kind !== 'done') return why(outcome, words.noReply.import);
  void reloadMe();
  imported(outcome.reply);
  toastDone(words.imported(outcome.reply.site.name, outcome.reply.imported));
  return null;
}

const why = (outcome: { kind: 'refused'; problem: Problem } | { kind: 'unreachable' }, noReply: string) =>
  outcome.kind === 'refused' ? outcome.problem.detail : noReply;

/** Saves everything of this site as a file. */
export const exportSite = (since: string | null): Result =>
  save(download('exportSite', { ...atSite(), query: since === null ? {} : { since } }));

async function save(file: Promise<Outcome<FileReply>>): Result {
  const outcome = await file;
  if (outcome.kind !== 'done') return why(outcome, words.noReply.export);
  try {
    if (await shell.saveFile(outcome.reply)) toastDone(words.saved(outcome.reply.name));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
