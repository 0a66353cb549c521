import { program } from '../../../../test/bridge.ts';
import type { CaseCause } from '@slate/shared/changes';
import type { Case } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aCase, aResource, at, loadBoard, uuid } from '../../../../test/small-board.ts';
import { me, signInAs } from '../../../../test/signed-in.ts';
import { closeAllDialogs, openDialog } from '../stores/dialogs.ts';
import { publishChange } from '../stores/changes.ts';
import { toastStore } from '../stores/toasts.ts';
import { notifyOfChanges } from './notifications.ts';

const [room1, room2] = [aResource('room', 'OR 1'), aResource('room', 'OR 2')] as const;
const surgeon = aResource('surgeon', 'Dr Haddad');
const diaz = { id: uuid(7), name: 'J. Diaz' };
const identifying = { title: 'Total knee', patientRef: 'DEMO-4711', note: 'Allergic to latex' };
const myCase = aCase(room1, '08:00', 60, { ...identifying, createdBy: me.id });
const myHold = aCase(room1, '10:00', 60, {
  ...identifying,
  state: 'held',
  holder: me,
  createdBy: me.id,
  expiresAt: addMinutes(at('06:00'), 2),
});
const otherCase = aCase(room2, '08:00', 60, { createdBy: diaz.id, surgeonId: surgeon.id });

let stop: () => void;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date', 'performance'] });
  program.notified.length = 0;
  toastStore.setState({ toasts: [] });
  signInAs('coordinator');
  loadBoard({ resources: [room1, room2, surgeon], cases: [myCase, myHold, otherCase] });
  setLooking(false);
  stop = notifyOfChanges();
});
afterEach(() => {
  stop();
  closeAllDialogs();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Sets whether the person looks at the console. */
function setLooking(isLooking: boolean) {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(!isLooking);
  vi.spyOn(document, 'hasFocus').mockReturnValue(isLooking);
}
function publish(
  cause: CaseCause,
  before: Case,
  after: Partial<Case>,
  by: { id: string; name: string } | null = diaz,
) {
  const from = cause === 'taken_over' ? { from: before.holder } : {};
  const body = { type: 'case', cause, case: { ...before, ...after }, ...from } as const;
  publishChange({ revision: 2, at: at('06:00'), by, body }, before);
}
const toasts = () => toastStore.getState().toasts.map(({ text }) => text);

describe('changes to my cases by others and by the clock', () => {
  test.each([
    ['taken_over', myHold, { holder: diaz }, 'Your hold was taken over', 'J. Diaz holds it now'],
    [
      'moved',
      myCase,
      { roomId: room2.id },
      'Your case was moved',
      `J. Diaz moved C-${myCase.number} to OR 2`,
    ],
    [
      'confirmed',
      myCase,
      { roomId: room2.id },
      'Your case was moved',
      `J. Diaz moved C-${myCase.number} to OR 2`,
    ],
    ['bumped', myCase, { state: 'depot' }, 'Your case went to the depot', 'needs a new time'],
    ['cancelled', myCase, { state: 'cancelled' }, 'Your case was cancelled', 'by J. Diaz'],
    ['voided', myCase, { state: 'voided' }, 'Your case was voided', 'entered in error'],
  ] as const)(
    '%s: a toast stays until it is dismissed, and the system notifies',
    (cause, before, after, title, words) => {
      publish(cause, before, after);
      expect(toasts()).toHaveLength(1);
      expect(toasts()[0]).toContain(title);
      expect(toasts()[0]).toContain(words);
      expect(toastStore.getState().toasts[0]?.stays).toBe(true);
      expect(program.notified).toEqual([
        { title, body: expect.stringContaining(words) as string, caseId: before.id },
      ]);
    },
  );

  test('HI4 a booking alone causes no notification', () => {
    publish('booked', myCase, { note: 'Latex' });
    expect(toasts()).toEqual([]);
  });

  test('HI3 a new length is not reported as a move', () => {
    publish('moved', myCase, { minutes: myCase.minutes + 30 });
    expect(toasts()[0]).toMatch(/^Your case has a new length\. J\. Diaz changed C-\d+ to .*\.$/);
  });

  test('an expired hold is reported', () => {
    publish('expired', myHold, { state: 'expired', holder: null }, null);
    expect(toasts()[0]).toContain('it wasn’t booked in time');
  });

  test.each([
    ['taken over', () => publish('taken_over', myHold, { holder: diaz })],
    ['expired', () => publish('expired', myHold, { state: 'expired', holder: null }, null)],
  ])('a hold that was %s under its open form is reported there, without a toast', (_what, end) => {
    openDialog({ kind: 'hold', caseId: myHold.id });
    end();
    expect(toasts()).toEqual([]);
    // While the window is in the background, the system notifies as well.
    expect(program.notified).toHaveLength(1);
    openDialog({ kind: 'hold', caseId: myCase.id });
    end();
    expect(toasts()).toHaveLength(1);
  });

  test('no notification names the patient or the procedure', () => {
    publish('moved', myCase, { roomId: room2.id });
    publish('cancelled', myCase, { state: 'cancelled' });
    expect([program.notified.length, toasts().length]).toEqual([2, 2]);
    const all = JSON.stringify([program.notified, toasts()]);
    for (const secret of Object.values(identifying)) expect(all).not.toContain(secret);
  });

  test('an office is notified about the cases of its surgeons', () => {
    signInAs('office', [surgeon.id]);
    publish('cancelled', otherCase, { state: 'cancelled' });
    expect(toasts()).toHaveLength(1);
  });

  test('a person who looks at the console gets a toast but no system notification', () => {
    setLooking(true);
    publish('cancelled', myCase, { state: 'cancelled' });
    expect(toasts()).toHaveLength(1);
    expect(program.notified).toEqual([]);
  });
});

test.each([
  ['my own command', () => publish('cancelled', myCase, { state: 'cancelled' }, me)],
  ['a command on the case of others', () => publish('cancelled', otherCase, { state: 'cancelled' })],
  ['a change that moves nothing', () => publish('changed', myCase, { title: 'Hip' })],
])('%s causes no message', (_what, change) => {
  change();
  expect([toasts(), program.notified]).toEqual([[], []]);
});

test('the coming end of a hold is reported once, and again after an extension', () => {
  vi.advanceTimersByTime(85_000);
  expect(program.notified).toEqual([]);
  vi.advanceTimersByTime(10_000);
  expect(program.notified).toHaveLength(1);
  expect(program.notified[0]).toMatchObject({ title: 'Your hold is about to expire', caseId: myHold.id });
  const expiresAt = addMinutes(at('06:00'), 4);
  loadBoard({ resources: [room1, room2], cases: [{ ...myHold, expiresAt }] });
  vi.advanceTimersByTime(110_000);
  expect(program.notified).toHaveLength(1);
  vi.advanceTimersByTime(10_000);
  expect(program.notified).toHaveLength(2);
});
