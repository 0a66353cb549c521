import { command } from './command.ts';
import { openDialog } from '../stores/dialogs.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { perform } from './perform.ts';
import { tellDone, wayBack } from './tell.ts';

const { deed, undo: backWords } = wordsOfOutcome;

export type Closing = { resourceId: string; name: string; start: string; end: string; when: string };

/** Closes a room or a pool for a while; asks why first. What stands there already refuses it, and is shown. */
export function closeFor(closing: Closing, reason?: string): Promise<void> {
  const { resourceId, name, start, end, when } = closing;
  const title = deed.close(name, when);
  if (reason === undefined) {
    const give = (given: string) => void closeFor(closing, given);
    openDialog({ kind: 'reason', for: 'close', title, caseId: null, cautions: [], placed: [], give });
    return Promise.resolve();
  }
  return perform({
    title,
    item: null,
    send: () => command('createClosure', { body: { resourceId, start, end, reason } }, { title: name }),
    done: ({ closure: { id } }) => {
      const back = backWords.closed(name);
      tellDone(
        wordsOfOutcome.closed(name, when),
        wayBack(back, [], () => ({
          title: back.label,
          item: null,
          send: () => command('removeClosure', { params: { closure: id } }, { title: name }),
          done: () => {},
        })),
      );
    },
    remedies: { again: () => void closeFor(closing, reason) },
  });
}
