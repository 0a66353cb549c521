import type { RouteReply } from '@slate/shared/contract';
import { exportedList } from '@slate/shared/contract/site-documents';
import type { ExportedList } from '@slate/shared/contract/site-documents';
import type { Problem } from '@slate/shared/errors';
import { call, download } from '../api/client.ts';
import type { FileReply, Input, Outcome } from '../api/client.ts';
import { shell } from '../shell/shell.ts';
import { administrationStore, shownPage } from '../stores/administration.ts';
import { myScope, reloadMe, sessionStore } from '../stores/session.ts';
import { toast } from '../stores/toasts.ts';
import { viewStore } from '../stores/view.ts';
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

/** The list of the shown page that can be exported; null: there is none, or this person may not. */
export const shownList = (): ExportedList | null =>
  myScope('site.export') === 'none'
    ? null
    : (exportedList.safeParse(shownPage(administrationStore.getState())).data ?? null);

/** Saves a list of the administration as CSV. */
export async function exportList(list: ExportedList): Promise<void> {
  toastFailure(await save(download('exportList', { ...atSite(), query: { list } })));
}

/** Saves the cases of the shown day as CSV. */
export async function exportDay(): Promise<void> {
  const { date } = viewStore.getState();
  toastFailure(await save(download('exportCases', { ...atSite(), query: { date, days: 1 } })));
}

/** Saves the entries of the audit that match as CSV, latest first. Null also if it was stopped. */
export async function exportAudit(query: Input<'exportAudit'>['query'], signal: AbortSignal): Result {
  const sentence = await save(download('exportAudit', { ...atSite(), query }, { signal }));
  return signal.aborted ? null : sentence;
}

function toastFailure(sentence: string | null) {
  if (sentence !== null) toast(sentence, { stays: true });
}

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
