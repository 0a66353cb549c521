import { markSeen } from '../commands/decide.ts';
import { announceNow } from '../stores/announcements.ts';
import { deskNow, deskStore } from '../stores/desk.ts';
import { dialogStore } from '../stores/dialogs.ts';
import { countOpen, isQueueBusy, isUnanswered, queueNow, queueStore, requestNow } from '../stores/queue.ts';
import { dismiss, dismissAbout, toast, toastStore } from '../stores/toasts.ts';
import { queuePanelWords as words } from '../words/queue-panel.ts';

/**
 * Says once what became of the requests when all that waited are answered, and at an opened desk, that some still need the
 * person. Says nothing while the panel shows them.
 */
export function summarizeQueue(): () => void {
  /** The answered requests that were already told of. */
  const told = new Set<string>();
  let device = deskNow()?.device;

  function say(text: string, isUndecided: boolean) {
    dismissAbout('queue');
    announceNow(text);
    toast(text, isUndecided ? { stays: true, about: 'queue' } : {});
  }

  function opened() {
    device = deskNow()?.device;
    told.clear();
    const open = queueNow().open();
    for (const { request, state, result } of open) if (result && state !== 'done') told.add(request.id);
    const undecided = countOpen(queueNow()).undecided;
    if (!look() && deskNow() && undecided > 0) say(words.undecided(undecided), true);
  }

  /** Removes sentences that are not true any more. */
  function dismissAnswered() {
    for (const { id } of toastStore.getState().toasts) {
      const requested = requestNow(id);
      if (requested && !isUnanswered(requested)) dismiss(id);
    }
  }

  /** Whether something was said. */
  function look(): boolean {
    dismissAnswered();
    // The desk is being opened or closed.
    if (isQueueBusy() || deskNow()?.device !== device) return false;
    const fresh = queueNow()
      .open()
      .filter(({ request, result }) => result && !told.has(request.id));
    if (fresh.length === 0) return false;
    for (const { request } of fresh) told.add(request.id);
    if (isPanelOpen()) return true;
    const done = fresh.filter(({ state }) => state === 'done').length;
    // A request that is blocked by a refusal has no answer of its own.
    const { undecided } = countOpen(queueNow());
    say(words.summary(done, undecided), undecided > 0);
    // Everything is said: nothing is left to look at.
    if (undecided === 0) void markSeen();
    return true;
  }

  const stops = [
    deskStore.subscribe(({ desk }, before) => {
      if (desk?.device !== before.desk?.device) opened();
    }),
    queueStore.subscribe(look),
    dialogStore.subscribe(() => {
      if (isPanelOpen()) dismissAbout('queue');
    }),
  ];
  opened();
  return () => stops.forEach((stop) => stop());
}

const isPanelOpen = () => dialogStore.getState().dialog?.kind === 'queue';
