import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import {
  room1,
  room9,
  knee,
  hip,
  busy,
  place,
  diaz,
  user,
  hospital,
  openForm,
  field,
  sentCommands,
  announced,
  pick,
  untilArmed,
  alternative,
  hintUnder,
  typeStart,
  setUpHoldForm,
} from '../../../../../test/hold-form.tsx';
import { refused } from '../../../../../test/refused.ts';
import { me } from '../../../../../test/signed-in.ts';
import { at, loadBoard } from '../../../../../test/small-board.ts';
import { holdAgain } from '../../commands/hold.ts';
import { dialogStore } from '../../stores/dialogs.ts';
import { draftOf } from '../../stores/drafts.ts';
import { publishChange } from '../../stores/changes.ts';

setUpHoldForm();

test('FM1 the form of a hold that is held again alternative shows the new and the typed time', async () => {
  const { id } = await openForm();
  await user.keyboard('total kn{Enter}');
  await pick('Surgeon', 'haddad');
  await typeStart('12:40');
  await user.clear(field('Length'));
  await user.type(field('Length'), '80');
  hospital.advance(130);
  hospital.changeByOthers(id, { state: 'expired' }, 'expired');
  await screen.findByText(/This hold has expired/);
  hospital.answers.push(refused('slot_taken', 409, { alternatives: [alternative] }));
  await user.click(screen.getByRole('button', { name: /^Hold again/ }));
  await screen.findByRole('alertdialog');
  await untilArmed();
  await user.keyboard('1');
  await screen.findByRole('dialog', { name: 'Hold OR 1' });
  expect(field('Start')).toHaveProperty('value', '14:15');
  expect(hintUnder('Start')).toBe('Changed. Was 12:40');
  expect(screen.getByText('Now in OR 1. It was in OR 9.')).toBeDefined();
  expect(field('Length')).toHaveProperty('value', '80');
  await user.click(screen.getByRole('button', { name: /^Book/ }));
  await waitFor(() => expect(dialogStore.getState().dialog).toBeNull());
  expect(sentCommands()).toEqual(['hold', 'hold', 'hold', 'change']);
  expect(hospital.sent[2]?.body).toMatchObject({ roomId: room1.id, start: at('14:15'), minutes: 80 });
});

test('FM1 the form of a hold that is held again at its old place shows that start, not the typed one', async () => {
  const { id } = await openForm();
  await typeStart('1240');
  const before = hospital.case(id);
  hospital.advance(130);
  hospital.changeByOthers(id, { state: 'expired' }, 'expired');
  const after = hospital.case(id);
  if (!before || !after) throw new Error('There is no hold.');
  await holdAgain(before, after);
  await screen.findByRole('button', { name: /^Book/ });
  expect(field('Start')).toHaveProperty('value', '12:15');
  expect(hintUnder('Start')).toBe('Changed. Was 12:40');
});

test('FM7 the form of an expired hold says whether its time is still free, and who has it', async () => {
  const { id } = await openForm();
  hospital.advance(130);
  hospital.changeByOthers(id, { state: 'expired' }, 'expired');
  await screen.findByText(/This hold has expired\..*and the time is still free/);
  hospital.changeByOthers(busy.id, { roomId: room9.id }, 'moved');
  await screen.findByText(/the time is no longer free\. OR 9 is taken by Busy until/);
  expect(screen.queryByText(/still free/)).toBeNull();
  expect(announced().at(-1)).toContain('OR 9 is taken by Busy');
});

test('FM8 a hold that expires before the console’s clock reaches its end is shown as expired', async () => {
  const { id } = await openForm();
  hospital.advance(119);
  const before = hospital.case(id);
  if (!before) throw new Error('There is no hold.');
  act(() => {
    hospital.changeByOthers(id, { state: 'expired' }, 'expired');
    const body = { type: 'case', cause: 'expired', case: { ...before, state: 'expired' } } as const;
    publishChange({ revision: 9, at: at('06:02'), by: null, body }, before);
  });
  await screen.findByText(/^This hold has expired/);
  expect(announced().some((each) => each.includes('released'))).toBe(false);
});

test('FM1 the form marks changes by other people with the old values', async () => {
  const { id } = await openForm();
  hospital.changeByOthers(
    id,
    { roomId: room1.id, start: at('13:00'), end: at('14:30'), note: 'Latex' },
    'moved',
  );
  await screen.findByText('Now in OR 1. It was in OR 9.');
  expect(field('Start')).toHaveProperty('value', '13:00');
  expect(hintUnder('Start')).toBe('Changed. Was 12:15');
  expect(hintUnder('Note')).toBe('Changed. Was none');
  await user.type(field('Note'), ' gloves');
  expect(field('Note').getAttribute('aria-describedby')).toBeNull();
});

test('the last half minute is announced once, and a key extends the hold', async () => {
  await openForm();
  expect(announced()).toEqual([]);
  hospital.advance(95);
  await screen.findByText('This hold is about to expire.');
  expect(announced()).toEqual(['This hold expires in 30 seconds. Extend it to keep the time.']);
  await user.type(field('Patient reference'), 'e{Alt>}e{/Alt}');
  await waitFor(() => expect(sentCommands()).toEqual(['hold', 'extend']));
  expect(field('Patient reference')).toHaveProperty('value', 'e');
  await waitFor(() => expect(screen.queryByText('This hold is about to expire.')).toBeNull());
});

test('the form of an expired hold keeps its entries, and Enter holds it again', async () => {
  const { id } = await openForm();
  await user.keyboard('total kn{Enter}');
  await user.type(field('Patient reference'), 'DEMO-6');
  hospital.advance(130);
  expect(await screen.findByText(/This hold has expired/)).toBeDefined();
  hospital.changeByOthers(id, { state: 'expired' }, 'expired');
  expect(field('Patient reference')).toHaveProperty('value', 'DEMO-6');
  expect(screen.queryByRole('button', { name: /^Book/ })).toBeNull();
  await user.keyboard('{Enter}');
  await waitFor(() => expect(sentCommands()).toEqual(['hold', 'hold']));
  expect(hospital.sent[1]?.body).toMatchObject({
    roomId: room9.id,
    start: place.start,
    minutes: 105,
    procedureId: knee.id,
    patientRef: 'DEMO-6',
  });
  expect(await screen.findByRole('button', { name: /^Book/ })).toBeDefined();
  expect(field('Patient reference')).toHaveProperty('value', 'DEMO-6');
  // Nothing about the patient remains from the expired hold.
  expect(draftOf(id)).toBeUndefined();
});

test('an alternative holds an expired hold again at another time', async () => {
  const { id } = await openForm();
  await user.type(field('Patient reference'), 'DEMO-7');
  hospital.advance(130);
  hospital.changeByOthers(id, { state: 'expired' }, 'expired');
  await screen.findByText(/This hold has expired/);
  const alternatives = [{ roomId: room1.id, start: at('14:00'), end: at('15:30') }];
  hospital.answers.push(refused('slot_taken', 409, { alternatives }));
  await user.keyboard('{Enter}');
  const alert = await screen.findByRole('alertdialog');
  const first = within(alert).getByRole('button', { name: /OR 1 14:00–15:30/ });
  await user.click(first);
  await waitFor(() => expect(sentCommands()).toEqual(['hold', 'hold', 'hold']));
  expect(hospital.sent[2]?.body).toMatchObject({
    roomId: room1.id,
    start: at('14:00'),
    patientRef: 'DEMO-7',
  });
});

test('the form of a hold that was taken over is read-only until it is taken back', async () => {
  const { id } = await openForm();
  await user.type(field('Patient reference'), 'DEMO-8');
  await user.keyboard('{Escape}');
  expect(screen.getByText(/^Press Esc again to release the hold/)).toBeDefined();
  hospital.changeByOthers(id, { holder: diaz }, 'taken_over');
  expect(await screen.findByText(/J\. Diaz took over this hold/)).toBeDefined();
  expect(screen.queryByText(/^Press Esc again/)).toBeNull();
  expect(field('Patient reference')).toHaveProperty('readOnly', true);
  expect(screen.queryByRole('button', { name: /^Book/ })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Take over' }));
  await screen.findByRole('button', { name: /^Book/ });
  expect(hospital.case(id)?.holder).toEqual(me);
  expect(field('Patient reference')).toHaveProperty('value', 'DEMO-8');
});

test('the form of a hold that is held again from the board keeps its entries', async () => {
  const { id } = await openForm();
  await user.type(field('Patient reference'), 'DEMO-9');
  const before = hospital.case(id);
  hospital.advance(130);
  hospital.changeByOthers(id, { state: 'expired' }, 'expired');
  const after = hospital.case(id);
  if (!before || !after) throw new Error('There is no hold.');
  await holdAgain(before, after);
  await screen.findByRole('button', { name: /^Book/ });
  expect(field('Patient reference')).toHaveProperty('value', 'DEMO-9');
  expect(draftOf(id)).toBeUndefined();
});

test.each([
  ['booked', 'scheduled', []],
  ['released', 'released', ['This hold was released.']],
  ['expired', 'expired', ['This hold has expired.']],
] as const)(
  'CO10 the form of a hold that was %s while another day is shown says so',
  async (cause, state, sentences) => {
    const { id, form } = await openForm();
    const before = hospital.case(id);
    if (!before) throw new Error('There is no hold.');
    act(() => void loadBoard({ resources: [room1, room9], procedures: [knee, hip] }, '2026-11-21'));
    const now = { ...before, state, holder: null, expiresAt: null, version: before.version + 1 };
    const body = { type: 'case', cause, case: now } as const;
    act(() => publishChange({ revision: 9, at: at('06:01'), by: diaz, body }, before));
    await waitFor(() => expect(form.isConnected).toBe(state !== 'scheduled'));
    for (const sentence of sentences) expect(form.textContent).toContain(sentence);
  },
);
