import type { GivenReason } from '@slate/shared/reasons';
import { openDialog } from '../stores/dialogs.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { toastDone } from './outcome-toasts.ts';
import { send, undoBy } from './send.ts';

const { titles, undo: undoWords } = wordsOfOutcome;

export type Closing = { resourceId: string; name: string; start: string; end: string; when: string };

/** Closes a room or a pool for a time; asks for a reason first. The server refuses it if cases are booked. */
export function closeFor(closing: Closing, reason?: string): Promise<void> {
  const { resourceId, name, start, end, when } = closing;
  const title = titles.close(name, when);
  if (reason === undefined) {
    const submit = ({ text }: GivenReason) => void closeFor(closing, text);
    openDialog({ kind: 'reason', for: 'close', title, caseId: null, cautions: [], placed: [], submit });
    return Promise.resolve();
  }
  return send({
    command: 'createClosure',
    title,
    item: null,
    input: () => ({ body: { resourceId, start, end, reason } }),
    undo: ({ closure: { id } }) => {
      const back = undoWords.closed(name);
      return undoBy(back, [], () => ({
        command: 'removeClosure',
        title: back.label,
        item: null,
        input: () => ({ params: { closure: id } }),
      }));
    },
    done: (_reply, undo) => toastDone(wordsOfOutcome.closed(name, when), undo),
    remedies: { repeat: () => void closeFor(closing, reason) },
  });
}
