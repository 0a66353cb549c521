import type { Device } from '@slate/shared/contract/devices';
import type { Problem } from '@slate/shared/errors';
import { reloadRecords } from '../stores/administration.ts';
import { deviceWords as words } from '../words/devices.ts';
import { finalStep, toastDone } from './outcome-toasts.ts';
import { send } from './send.ts';

/** Retires a device. Its waiting requests are never sent. */
export async function retireDevice(
  { id, name }: Device,
  refused: (problem: Problem) => boolean,
): Promise<void> {
  await send<'retireDevice'>({
    command: 'retireDevice',
    title: words.retireTitle(name),
    item: null,
    input: () => ({ params: { device: id } }),
    undo: () => finalStep(id, words.cannotUndo(name)),
    done: (_, undo) => toastDone(words.done(name), undo),
    remedies: { refused },
  });
  reloadRecords();
}
