import { fireEvent, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { addDays, localDay } from '@slate/shared/time';
import { beforeEach, expect, test } from 'vitest';
import { answerWith } from '../../../../../test/answering.ts';
import type { SentRequest } from '../../../../../test/answering.ts';
import { openFakeHospital } from '../../../../../test/fake-hospital.ts';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aResource, at, date, zone } from '../../../../../test/small-board.ts';
import { boardStore } from '../../stores/board.ts';
import { fieldWords } from '../../words/cases.ts';
import { openDialog } from '../../stores/dialogs.ts';
import { Dialogs } from '../console/dialogs.tsx';

const room = aResource('room', 'OR 1');
const pacu = aResource('bed', 'PACU', { capacity: 3 });
const inBed = (nights: number) => ({ bed: { resourceId: pacu.id, nights } });
const knee = aCase(room, '08:00', 60, { title: 'Knee', ...inBed(1) });
const hip = aCase(room, '10:00', 60, { title: 'Hip', ...inBed(1) });
const nailing = aCase(room, '12:00', 60, { title: 'Nailing' });
const onDay = (day: string) => ({ start: at('08:00', day), end: at('09:00', day) });
const yesterday = { ...aCase(room, '08:00', 60, inBed(2)), ...onDay(addDays(date, -1)) };
const tomorrow = [1, 2].map(() => ({ ...aCase(room, '08:00', 60, inBed(1)), ...onDay(addDays(date, 1)) }));

let requests: SentRequest[];
beforeEach(() => {
  signInAs('coordinator');
  openFakeHospital({ resources: [room, pacu], cases: [knee, hip, nailing] });
  const { view } = boardStore.getState();
  const range = localDay(addDays(date, -7), zone, 14);
  // The reply is older than the console's board: the hip is still on the day before.
  const cases = [yesterday, knee, { ...hip, ...onDay(addDays(date, -1)) }, ...tomorrow];
  requests = answerWith(() => ({ status: 200, body: { ...view?.board, range, cases } }));
});

async function openForm(caseId: string) {
  renderInKit(<Dialogs />);
  openDialog({ kind: 'edit', caseId });
  return screen.findByRole('combobox', { name: fieldWords.bed });
}
const boards = () => requests.filter(({ path }) => path.endsWith('/board')).length;

test('FM10 the bed field counts the beds that are free that night, without the bed of the case itself', async () => {
  const field = await openForm(hip.id);
  await waitFor(() => expect(field).toHaveProperty('value', 'PACU · 1 of 3 free tonight'));
});

test('FM10 the bed field counts the beds that are free for all nights', async () => {
  const field = await openForm(hip.id);
  await userEvent.clear(screen.getByLabelText('Nights'));
  fireEvent.change(screen.getByLabelText('Nights'), { target: { value: '2' } });
  await waitFor(() => expect(field).toHaveProperty('value', 'PACU · 1 of 3 free for 2 nights'));
  fireEvent.change(screen.getByLabelText('Nights'), { target: { value: '8' } });
  await waitFor(() => expect(field).toHaveProperty('value', 'PACU · 3 beds'));
});

test('FM10 the bed field of a case without a bed counts when its list opens', async () => {
  const field = await openForm(nailing.id);
  expect(boards()).toBe(0);
  await userEvent.click(field);
  expect(await screen.findByRole('option', { name: 'PACU · 0 of 3 free tonight' })).toBeDefined();
});

test('FM10 the bed field shows the number of beds if the server does not answer', async () => {
  requests = answerWith(() => 'unreachable');
  const field = await openForm(hip.id);
  await waitFor(() => expect(boards()).toBe(1));
  expect(field).toHaveProperty('value', 'PACU · 3 beds');
});

test('FM10 the bed field counts nothing for an office, which does not see all cases', async () => {
  signInAs('office');
  const field = await openForm(hip.id);
  expect(field).toHaveProperty('value', 'PACU · 3 beds');
  expect(boards()).toBe(0);
});
