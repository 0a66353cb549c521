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
 * Announces the outcomes of the requests once: when all waiting requests are answered, when some expire while the server is out
 * of reach, and when a desk is opened whose requests need the person. Announces nothing while the panel shows them. Also
 * announces why nothing is sent although the server answers.
 */
export function summarizeQueue(): () => void {
  /** The answered requests that are not announced yet. */
  const unannounced = new Set<string>();
  let queue = queueNow();
  let readCount = 0;
  let device = deskNow()?.device;

  function announce(text: string, isUndecided: boolean) {
    dismissAbout('queue');
    announceNow(text);
    toast(text, isUndecided ? { stays: true, about: 'queue' } : {});
  }

  function startOver() {
    device = deskNow()?.device;
    queue = queueNow();
    readCount = queue.records.length;
    unannounced.clear();
    for (const { request, state } of queue.open()) if (state === 'done') unannounced.add(request.id);
    const { undecided } = countOpen(queue);
    if (!announceAnswers() && deskNow() && undecided > 0) announce(words.undecided(undecided), true);
  }

  /** Dismisses toasts that are not true any more. */
  function dismissOutdated() {
    for (const { id } of toastStore.getState().toasts) {
      const requested = requestNow(id);
      if (requested && !isUnanswered(requested)) dismiss(id);
    }
    if (countOpen(queueNow()).undecided === 0) dismissAbout('queue');
  }

  function readRecords() {
    if (queue !== queueNow()) [queue, readCount] = [queueNow(), 0];
    for (const record of queue.records.slice(readCount))
      if (record.type === 'answered') unannounced.add(record.id);
    readCount = queue.records.length;
  }

  /** Removes the requests in these states from the unannounced ones. Returns those that are still open. */
  function takeUnannounced(isDue: (state: RequestState) => boolean): Requested[] {
    const due = [...unannounced].flatMap((id) => requestNow(id) ?? []).filter(({ state }) => isDue(state));
    for (const { request } of due) unannounced.delete(request.id);
    return due.filter(({ closed, result }) => closed === null && result !== null);
  }

  /** Announces new outcomes. Returns whether there were any. */
  function announceAnswers(): boolean {
    readRecords();
    dismissOutdated();
    const isMoving = isQueueBusy() && !isCutOff() && queueStore.getState().trouble === null;
    // The desk is being opened or closed.
    if (isMoving || unannounced.size === 0 || deskNow()?.device !== device) return false;
    const answers = takeUnannounced((state) => state === 'expired' || !isQueueBusy());
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
    // The toast has said everything, so the panel need not list them.
    if (undecided === 0) void markSeen();
    return true;
  }

  function announceTrouble() {
    const { trouble } = queueStore.getState();
    dismiss(troubleId);
    if (trouble !== 'no_device' && trouble !== 'gap' && trouble !== 'not_saved') return;
    const text = words.notSent(words.trouble[trouble]);
    announceNow(text);
    toast(text, { id: troubleId, stays: true });
  }

  const stops = [
    deskStore.subscribe(({ desk }, before) => {
      if (desk?.device !== before.desk?.device) startOver();
    }),
    queueStore.subscribe(({ trouble }, before) => {
      announceAnswers();
      if (trouble !== before.trouble) announceTrouble();
    }),
    dialogStore.subscribe(() => {
      if (isPanelOpen()) dismissAbout('queue');
    }),
  ];
  startOver();
  return () => stops.forEach((stop) => stop());
}

const troubleId = 'queue-trouble';
const isPanelOpen = () => dialogStore.getState().dialog?.kind === 'queue';
