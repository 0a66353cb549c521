import type { Requested, RequestState } from '@slate/shared/queue';
import { markSeen } from '../commands/decide.ts';
import { announceNow } from '../stores/announcements.ts';
import { isCutOff } from '../stores/connection.ts';
import { deskNow, deskStore } from '../stores/desk.ts';
import { dialogStore } from '../stores/dialogs.ts';
import { countOpen, isQueueBusy, isUnanswered, queueNow, queueStore, requestNow } from '../stores/queue.ts';
import { dismiss, dismissAbout, toast, toastStore } from '../stores/toasts.ts';
import { queuePanelWords as words } from '../words/queue-panel.ts';

/**
 * Says once what happened to the requests: when all that waited are answered, when some expire while the server is out of
 * reach, and at an opened desk, that some still need the person. Says nothing while the panel shows them. Says why nothing is
 * sent although the server answers.
 */
export function summarizeQueue(): () => void {
  /** The answered requests that are not announced yet. */
  const fresh = new Set<string>();
  let queue = queueNow();
  let read = 0;
  let device = deskNow()?.device;

  function announce(text: string, isUndecided: boolean) {
    dismissAbout('queue');
    announceNow(text);
    toast(text, isUndecided ? { stays: true, about: 'queue' } : {});
  }

  function opened() {
    device = deskNow()?.device;
    queue = queueNow();
    read = queue.records.length;
    fresh.clear();
    for (const { request, state } of queue.open()) if (state === 'done') fresh.add(request.id);
    const { undecided } = countOpen(queue);
    if (!look() && deskNow() && undecided > 0) announce(words.undecided(undecided), true);
  }

  /** Removes sentences that are not true any more. */
  function dismissOutdated() {
    for (const { id } of toastStore.getState().toasts) {
      const requested = requestNow(id);
      if (requested && !isUnanswered(requested)) dismiss(id);
    }
    if (countOpen(queueNow()).undecided === 0) dismissAbout('queue');
  }

  function readRecords() {
    if (queue !== queueNow()) [queue, read] = [queueNow(), 0];
    for (const record of queue.records.slice(read)) if (record.type === 'answered') fresh.add(record.id);
    read = queue.records.length;
  }

  /** Takes the answered requests in such a state. Returns those that are still open. */
  function take(isWanted: (state: RequestState) => boolean): Requested[] {
    const taken = [...fresh].flatMap((id) => requestNow(id) ?? []).filter(({ state }) => isWanted(state));
    for (const { request } of taken) fresh.delete(request.id);
    return taken.filter(({ closed, result }) => closed === null && result !== null);
  }

  /** Announces what is new. Returns whether there was something. */
  function look(): boolean {
    readRecords();
    dismissOutdated();
    const isMoving = isQueueBusy() && !isCutOff() && queueStore.getState().trouble === null;
    // The desk is being opened or closed.
    if (isMoving || fresh.size === 0 || deskNow()?.device !== device) return false;
    const answers = take((state) => state === 'expired' || !isQueueBusy());
    if (answers.length === 0) return false;
    if (isPanelOpen()) return true;
    if (answers.every(({ state }) => state === 'expired')) {
      announce(words.tooLate(answers.length), true);
      return true;
    }
    const done = answers.filter(({ state }) => state === 'done').length;
    // A request that is blocked by a refusal has no answer of its own.
    const { undecided } = countOpen(queue);
    announce(words.summary(done, undecided), undecided > 0);
    // Everything is said: nothing is left to look at.
    if (undecided === 0) void markSeen();
    return true;
  }

  /** Says why nothing is sent although the server answers. */
  function lookAtTrouble() {
    const { trouble } = queueStore.getState();
    dismiss(troubleId);
    if (trouble !== 'no_device' && trouble !== 'gap' && trouble !== 'not_saved') return;
    const text = words.notSent(words.trouble[trouble]);
    announceNow(text);
    toast(text, { id: troubleId, stays: true });
  }

  const stops = [
    deskStore.subscribe(({ desk }, before) => {
      if (desk?.device !== before.desk?.device) opened();
    }),
    queueStore.subscribe(({ trouble }, before) => {
      look();
      if (trouble !== before.trouble) lookAtTrouble();
    }),
    dialogStore.subscribe(() => {
      if (isPanelOpen()) dismissAbout('queue');
    }),
  ];
  opened();
  return () => stops.forEach((stop) => stop());
}

const troubleId = 'queue-trouble';
const isPanelOpen = () => dialogStore.getState().dialog?.kind === 'queue';
