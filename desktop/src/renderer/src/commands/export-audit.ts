import type { RouteReply } from '@slate/shared/contract';
import { byteOrderMark, csvLine } from '@slate/shared/lists/csv';
import { localDateOf } from '@slate/shared/time';
import { call } from '../api/client.ts';
import type { Input } from '../api/client.ts';
import { shell } from '../shell/shell.ts';
import { sessionStore } from '../stores/session.ts';
import { zoneNow } from '../stores/view.ts';
import { auditWords as words } from '../words/audit.ts';
import { toastDone } from './outcome-toasts.ts';

type Entry = RouteReply<'audit'>['entries'][number];
type Filter = Omit<Input<'audit'>['query'], 'before' | 'limit'>;

/** A larger file is too much for a spreadsheet, and for a person. */
export const mostExported = 50_000;
const atOnce = 200;

/**
 * Saves the entries that match as CSV, latest first. The file is saved whole or not at all. Returns a sentence for the person; null:
 * done, or it was stopped.
 */
export async function exportAudit(
  filter: Filter,
  { signal, progress }: { signal: AbortSignal; progress: (count: number) => void },
): Promise<string | null> {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return null;
  const lines = [csvLine(words.columns)];
  let last: Entry | undefined;
  for (let isAll = false; !isAll && lines.length <= mostExported;) {
    const query = { ...filter, limit: atOnce, ...(last && { before: last.seq }) };
    const outcome = await call('audit', { params: { site: session.site.id }, query }, { signal });
    if (signal.aborted) return null;
    if (outcome.kind === 'refused' && outcome.problem.code === 'rate_limited') {
      await pause((outcome.problem.retryAfter ?? 1) * 1000, signal);
      continue;
    }
    if (outcome.kind !== 'done')
      return outcome.kind === 'refused' ? outcome.problem.detail : words.exportUnanswered;
    const { entries } = outcome.reply;
    lines.push(...entries.map((entry) => csvLine(cellsOf(entry))));
    last = entries.at(-1);
    isAll = entries.length < atOnce;
    progress(lines.length - 1);
  }
  const name = `audit-${filter.chain ?? 'commands'}-${localDateOf(new Date().toISOString(), zoneNow())}.csv`;
  try {
    const text = byteOrderMark + lines.join('');
    if (await shell.saveFile({ name, text })) toastDone(words.exported(lines.length - 1, name));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const cellsOf = ({ seq, at, actor, chain, action, detail }: Entry) => [
  String(seq),
  at,
  actor?.name ?? '',
  actor?.id ?? '',
  words.actionName(chain, action),
  action,
  JSON.stringify(detail),
];

/** Ends early when it is stopped. */
export const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
