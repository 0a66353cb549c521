import type { ApplyImport, ImportFile } from '@slate/shared/contract/imports';
import type { Problem } from '@slate/shared/errors';
import { reloadRecords } from '../stores/administration.ts';
import { importWords as words } from '../words/imports.ts';
import { finalStep, toastDone } from './outcome-toasts.ts';
import { send } from './send.ts';

/** Starts an import that was checked. Its progress is loaded. */
export async function applyImport(
  { id, file }: ImportFile,
  mode: ApplyImport['mode'],
  refused: (problem: Problem) => boolean,
): Promise<void> {
  await send<'applyImport'>({
    command: 'applyImport',
    title: words.titleOf(file),
    item: null,
    input: () => ({ params: { import: id }, body: { mode } }),
    undo: () => finalStep(id, words.cannotUndo),
    done: (_reply, undo) => toastDone(words.started(file), undo),
    remedies: { refused },
  });
  reloadRecords();
}
