import { answerWith } from '../../../../../../test/answering.ts';
import type { Answer, SentRequest } from '../../../../../../test/answering.ts';
import { aCaseInTheWay } from '../../../../../../test/cases-in-the-way.ts';
import type { CaseInTheWay, Decision } from '@slate/shared/contract/decisions';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../../test/signed-in.ts';
import {
  aCase,
  aProcedure,
  aResource,
  at,
  date,
  loadBoard,
  setClock,
} from '../../../../../../test/small-board.ts';
import { administrationStore, showPage } from '../../../stores/administration.ts';
import { publishChange } from '../../../stores/changes.ts';
import { setConnection } from '../../../stores/connection.ts';
import { forgetPerson } from '../../../stores/forget.ts';
import { toastStore } from '../../../stores/toasts.ts';
import { undo } from '../../../stores/undo.ts';
import { showScreen, viewStore } from '../../../stores/view.ts';
import { Administration } from '../administration.tsx';

const [one, two] = [aResource('room', 'OR 1'), aResource('room', 'OR 2')];
const knee = aProcedure('Total knee', 90);
const place = (start: string, end: string) => ({ roomId: two.id, start: at(start), end: at(end) });

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(600);
  signInAs('administrator');
  setConnection({ status: 'live', lagMs: 100 });
  setClock(at('06:00'));
  viewStore.setState({ date, screen: 'administration' });
  loadBoard({ resources: [one, two], procedures: [knee] });
});
afterEach(() => {
  vi.restoreAllMocks();
  forgetPerson();
  showPage('rooms');
  showScreen('day');
});

const problem = (more: object = {}) => ({
  type: 'about:blank',
  title: 'In use',
  status: 409,
  code: 'in_use',
  detail: 'OR 1 can’t be retired.',
  blockers: [{ kind: 'case', resourceId: one.id, start: at('08:00'), end: at('09:00') }],
  ...more,
});
type Body = { version: number; decisions?: Decision[] };

/** A server with cases in the way of retiring OR 1. It does what was decided, or what `command` says. */
function serve(cases: () => CaseInTheWay[], command?: (body: Body) => Answer | undefined) {
  return answerWith(({ path, body }): Answer => {
    if (body === undefined) return { status: 200, body: { users: [], next: null } };
    if (path.endsWith('/cases-in-the-way')) return { status: 200, body: { cases: cases() } };
    if (path.endsWith('/undo-change'))
      return {
        status: 200,
        body: {
          version: 3,
          notPutBack: [{ caseId: cases()[0]?.caseId, number: 71, reason: 'OR 1 is taken 08:00–09:00.' }],
          revision: 3,
        },
      };
    const sent = body as Body;
    const answer = command?.(sent);
    if (answer) return answer;
    if (!sent.decisions && path.includes('/resources/')) return { status: 409, body: problem() };
    const { decisions = [], ...edit } = sent;
    const bumped = decisions.filter(({ action }) => action === 'depot').map(({ caseId }) => caseId);
    const decided = decisions.map(({ caseId, version }) => ({ caseId, version: version + 1 }));
    const [resource, procedure] = [
      { ...one, active: false, version: 2 },
      { ...knee, ...edit, version: 2 },
    ];
    return { status: 200, body: { resource, procedure, bumped, decided, revision: 2 } };
  });
}
const decisionsIn = (request: SentRequest | undefined) => (request?.body as Body | undefined)?.decisions;
const commands = (sent: readonly SentRequest[]) =>
  sent.filter(({ path, body }) => body !== undefined && !path.endsWith('/cases-in-the-way'));
const previews = (sent: readonly SentRequest[]) =>
  sent.filter(({ path }) => path.endsWith('/cases-in-the-way'));
const texts = () => toastStore.getState().toasts.map(({ text }) => text);
const retire = async (name: RegExp) => {
  renderInKit(<Administration />);
  fireEvent.click(screen.getByRole('row', { name: /OR 1/ }));
  fireEvent.click(screen.getByRole('button', { name: 'Retire' }));
  return screen.findByRole('region', { name });
};
const click = (list: HTMLElement, name: string) =>
  fireEvent.click(within(list).getByRole('button', { name }));
const decision = (list: HTMLElement, title: string) =>
  within(list).getByRole<HTMLSelectElement>('combobox', { name: new RegExp(`^Decision: .*${title}$`) });
const decide = (list: HTMLElement, title: string, value: string) =>
  fireEvent.change(decision(list, title), { target: { value } });
const saveButton = (list: HTMLElement) =>
  within(list).getByRole<HTMLButtonElement>('button', { name: /^(Save|Decide)(?! without)/ });

test('AA7 CW1 the change and a decision for each case are sent as one command; undo puts the cases back', async () => {
  const cases = [
    aCaseInTheWay(71, one.id, { offers: [place('10:00', '11:00'), place('12:00', '13:00')] }),
    aCaseInTheWay(72, one.id),
  ];
  const sent = serve(() => cases);
  const list = await retire(/^2 in the way/);
  expect(document.activeElement).toBe(list);
  expect(previews(sent)[0]?.body).toEqual({
    command: 'changeResource',
    id: one.id,
    body: { version: 1, active: false },
  });
  expect(within(list).getByText('No other time within a week fits without a reason.')).toBeTruthy();
  expect(saveButton(list)).toMatchObject({ disabled: true, textContent: 'Decide 2 more first' });
  decide(list, 'Hip 71', 'move');
  fireEvent.change(within(list).getByRole('combobox', { name: /^Other time: .*Hip 71$/ }), {
    target: { value: `${two.id} ${at('12:00')}` },
  });
  decide(list, 'Hip 72', 'depot');
  fireEvent.change(within(list).getByLabelText('Reason for the depot'), { target: { value: ' ' } });
  expect(within(list).getByText('Enter a reason.')).toBeTruthy();
  expect(saveButton(list).disabled).toBe(true);
  fireEvent.change(within(list).getByLabelText('Reason for the depot'), {
    target: { value: 'Water damage' },
  });
  click(list, 'Save and send 1 to the depot');
  await waitFor(() => expect(texts()).toEqual(['Retired OR 1. 1 case went to the depot.']));
  expect(commands(sent)[1]?.body).toEqual({
    version: 1,
    active: false,
    decisions: [
      { caseId: cases[0]?.caseId, version: 1, action: 'move', roomId: two.id, start: at('12:00') },
      { caseId: cases[1]?.caseId, version: 1, action: 'depot', reason: 'Water damage' },
    ],
  });
  await act(() => undo());
  expect(commands(sent)[2]?.body).toEqual({
    change: { command: 'changeResource', id: one.id, body: { version: 2, active: true } },
    putBack: cases.map(({ caseId }) => ({ caseId, version: 2 })),
  });
  expect(texts().at(-1)).toBe('OR 1 as before. 1 case couldn’t go back: C-71: OR 1 is taken 08:00–09:00');
});

test('CW3 a refused place keeps the other decisions, and offers new times', async () => {
  let cases = [
    aCaseInTheWay(71, one.id, { offers: [place('10:00', '11:00')] }),
    aCaseInTheWay(72, one.id, { offers: [place('11:00', '12:00')] }),
    aCaseInTheWay(73, one.id),
  ];
  const taken = problem({ code: 'slot_taken', detail: 'Case 71: OR 2 is taken until 11:00.', blockers: [] });
  let attempts = 0;
  const sent = serve(
    () => cases,
    ({ decisions }) => {
      if (!decisions) return undefined;
      attempts += 1;
      return attempts === 1 ? { status: 409, body: taken } : undefined;
    },
  );
  const list = await retire(/^3 in the way/);
  click(list, 'Move all that can move');
  expect(saveButton(list).textContent).toBe('Decide 1 more first');
  click(list, 'The rest to the depot');
  // The place of the first one is gone, and somebody has changed the third one.
  cases = [
    { ...aCaseInTheWay(71, one.id), offers: [place('14:00', '15:00')] },
    cases[1] ?? aCaseInTheWay(72, one.id),
    aCaseInTheWay(73, one.id, { version: 2 }),
  ];
  click(list, 'Save and send 1 to the depot');
  await within(list).findByText('Case 71: OR 2 is taken until 11:00.');
  await waitFor(() => expect(saveButton(list).textContent).toBe('Decide 2 more first'));
  expect(decision(list, 'Hip 72').value).toBe('move');
  click(list, 'Move all that can move');
  click(list, 'The rest to the depot');
  click(list, 'Save and send 1 to the depot');
  await waitFor(() => expect(texts()).toHaveLength(1));
  expect(decisionsIn(commands(sent).at(-1))).toMatchObject([
    { action: 'move', start: at('14:00') },
    { action: 'move', start: at('11:00') },
    { action: 'depot', version: 2 },
  ]);
});

test('AA7 a decision outside the rules is sent again with a reason, from the list or typed', async () => {
  const cases = [
    aCaseInTheWay(71, one.id),
    aCaseInTheWay(72, one.id, { offers: [place('10:00', '11:00'), place('12:00', '13:00')] }),
    aCaseInTheWay(73, one.id, { offers: [place('11:00', '12:00')] }),
  ];
  const outside = (decisions: Decision[], detail: string) => ({
    status: 400,
    body: problem({
      status: 400,
      code: 'validation',
      detail,
      blockers: [],
      errors: decisions.flatMap((each, index) =>
        each.action === 'move' && each.overrideReason === undefined
          ? [{ field: `decisions.${index}.overrideReason`, reason: detail }]
          : [],
      ),
    }),
  });
  let attempts = 0;
  const sent = serve(
    () => cases,
    ({ decisions }) => {
      if (!decisions) return undefined;
      attempts += 1;
      if (attempts === 1) return outside(decisions.slice(0, 2), 'OR 2 is closed then.');
      // Another refusal in between does not forget the reason.
      if (attempts === 2) return outside(decisions, 'OR 2 is in a block of Eyes.');
      return undefined;
    },
  );
  const list = await retire(/^3 in the way/);
  click(list, 'Move all that can move');
  click(list, 'The rest to the depot');
  expect(within(list).queryByLabelText('Reason for places outside the rules')).toBeNull();
  click(list, 'Save and send 1 to the depot');
  const field = await within(list).findByLabelText('Reason for places outside the rules', {
    selector: 'input',
  });
  expect(document.activeElement).toBe(field);
  expect(within(list).getAllByText('Outside the rules: needs a reason')).toHaveLength(1);
  expect(saveButton(list).disabled).toBe(true);
  fireEvent.keyDown(field, { key: 'ArrowDown', code: 'ArrowDown' });
  const offered = await screen.findByRole('listbox', { name: /^Reason for places/, hidden: true });
  const options = within(offered).getAllByRole('option', { hidden: true });
  expect(options.map(({ textContent }) => textContent)).toEqual([
    'Emergency',
    'Agreed with the charge nurse',
    'Agreed with the block owner',
  ]);
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  await waitFor(() => expect(field).toHaveProperty('value', 'Emergency'));
  click(list, 'Save and send 1 to the depot');
  await waitFor(() => expect(within(list).getAllByText('Outside the rules: needs a reason')).toHaveLength(2));
  // At another time, a case needs no reason before the server says so.
  fireEvent.change(within(list).getByRole('combobox', { name: /^Other time: .*Hip 72$/ }), {
    target: { value: `${two.id} ${at('12:00')}` },
  });
  expect(within(list).getAllByText('Outside the rules: needs a reason')).toHaveLength(1);
  fireEvent.change(field, { target: { value: ' Agreed with Eyes ' } });
  click(list, 'Save and send 1 to the depot');
  await waitFor(() => expect(texts()).toHaveLength(1));
  const [, moved, other] = [1, 2, 3].map((attempt) => decisionsIn(commands(sent)[attempt]));
  expect(moved).toMatchObject([{ action: 'depot' }, { overrideReason: 'Emergency' }, { start: at('11:00') }]);
  expect(other?.map((each) => ('overrideReason' in each ? each.overrideReason : null))).toEqual([
    null,
    null,
    'Agreed with Eyes',
  ]);
});

test('AA7 a place that was chosen for one case is not offered to another', async () => {
  const [ten, twelve] = [place('10:00', '11:00'), place('12:00', '13:00')];
  serve(() => [
    aCaseInTheWay(71, one.id, { offers: [ten, twelve] }),
    aCaseInTheWay(72, one.id, { offers: [twelve, ten] }),
  ]);
  const list = await retire(/^2 in the way/);
  click(list, 'Move all that can move');
  const options = within(
    within(list).getByRole('combobox', { name: /^Other time: .*Hip 71$/ }),
  ).getAllByRole<HTMLOptionElement>('option');
  expect(options.map(({ disabled }) => disabled)).toEqual([false, true]);
});

test('AA7 the list follows the changes of others; without the server nothing is sent', async () => {
  let cases = [aCaseInTheWay(71, one.id), aCaseInTheWay(72, one.id)];
  const sent = serve(() => cases);
  const list = await retire(/^2 in the way/);
  const [moved] = cases;
  cases = cases.slice(1);
  act(() =>
    publishChange(
      {
        revision: 2,
        at: at('06:01'),
        by: null,
        body: { type: 'case', cause: 'moved', case: { ...aCase(one, '08:00', 60), id: moved?.caseId ?? '' } },
      },
      undefined,
    ),
  );
  await screen.findByRole('region', { name: '1 case is in the way' });
  click(list, 'The rest to the depot');
  act(() => setConnection({ status: 'offline', since: Date.parse(at('06:00')) }));
  const before = commands(sent).length;
  click(list, 'Save and send 1 to the depot');
  expect(commands(sent)).toHaveLength(before);
  expect(decision(list, 'Hip 72').value).toBe('depot');
});

test('AA6 AA7 the form says that another administrator changed the record; without cases left it can be saved', async () => {
  let cases = [aCaseInTheWay(71, one.id)];
  const sent = serve(() => cases);
  const list = await retire(/^1 case is in the way/);
  cases = [];
  decide(list, 'Hip 71', 'depot');
  const change = {
    revision: 2,
    at: at('06:01'),
    by: null,
    body: {
      type: 'case',
      cause: 'moved',
      case: { ...aCase(one, '08:00', 60), id: aCaseInTheWay(71, one.id).caseId },
    },
  } as const;
  act(() => publishChange(change, undefined));
  await screen.findByRole('region', { name: 'Nothing is in the way anymore' });
  const stale = problem({ status: 412, code: 'stale_version', detail: 'OR 1 has changed.', blockers: [] });
  answerWith(() => ({ status: 412, body: stale }));
  click(list, 'Save');
  await screen.findByText(/^Someone changed this at the same moment/);
  expect(commands(sent)).toHaveLength(1);
});

test('AA7 200 cases are decided with three presses', async () => {
  const cases = Array.from({ length: 200 }, (_, n) =>
    aCaseInTheWay(1000 + n, one.id, { offers: n % 2 === 0 ? [place('10:00', '11:00')] : [] }),
  );
  const sent = serve(() => cases);
  const list = await retire(/^200 in the way/);
  click(list, 'Move all that can move');
  click(list, 'The rest to the depot');
  click(list, 'Save and send 100 to the depot');
  await waitFor(() => expect(texts()).toHaveLength(1));
  expect(decisionsIn(commands(sent)[1])).toHaveLength(200);
});

const openKnee = (minutes: string) => {
  showPage('procedures');
  renderInKit(<Administration />);
  fireEvent.click(screen.getByRole('row', { name: /Total knee/ }));
  fireEvent.change(screen.getByLabelText('Length, min'), { target: { value: minutes } });
  fireEvent.keyDown(screen.getByRole('region', { name: 'Edit Total knee' }), { key: 'Enter', ctrlKey: true });
};
const needs = { setupMinutes: 10, cleanupMinutes: 10, equipment: [], bed: null };
const carried = (problemText: string | null) => ({
  why: 'procedure' as const,
  canStay: true,
  carry: { from: { ...needs, minutes: 90 }, to: { ...needs, minutes: 120 }, problem: problemText },
});

test('CW7 before a procedure is saved, its booked cases are shown, and the change is carried into those that fit', async () => {
  const cases = [
    aCaseInTheWay(71, one.id, carried(null)),
    aCaseInTheWay(72, one.id, {
      ...carried('OR 1 is taken 10:50–12:00.'),
      offers: [place('13:00', '15:00')],
    }),
  ];
  const sent = serve(() => cases);
  openKnee('120');
  const list = await screen.findByRole('region', { name: '2 booked cases have the old values' });
  expect(commands(sent)).toEqual([]);
  expect(within(list).getAllByText('Length, min: 90 → 120')).toHaveLength(2);
  expect(within(list).getByText('Doesn’t fit at its time: OR 1 is taken 10:50–12:00.')).toBeTruthy();
  click(list, 'Change all that fit');
  click(list, 'Move all that can move');
  click(list, 'Save');
  await waitFor(() => expect(texts()).toEqual(['Saved Total knee']));
  expect(commands(sent)[0]?.body).toEqual({
    version: 1,
    minutes: 120,
    decisions: [
      { caseId: cases[0]?.caseId, version: 1, action: 'carry' },
      { caseId: cases[1]?.caseId, version: 1, action: 'move', roomId: two.id, start: at('13:00') },
    ],
  });
});

test('CW7 a procedure is saved without touching its cases, and at once if none is booked', async () => {
  let cases = [aCaseInTheWay(71, one.id, carried(null))];
  const sent = serve(() => cases);
  openKnee('120');
  const list = await screen.findByRole('region', { name: '1 booked case has the old values' });
  click(list, 'Save without changing cases');
  await waitFor(() => expect(administrationStore.getState().open).toBeNull());
  expect(commands(sent)[0]?.body).toEqual({ version: 1, minutes: 120 });
  cases = [];
  fireEvent.click(screen.getByRole('row', { name: /Total knee/ }));
  fireEvent.change(screen.getByLabelText('Length, min'), { target: { value: '75' } });
  fireEvent.keyDown(screen.getByRole('region', { name: 'Edit Total knee' }), { key: 'Enter', ctrlKey: true });
  await waitFor(() => expect(commands(sent)).toHaveLength(2));
  expect(commands(sent)[1]?.body).toEqual({ version: 1, minutes: 75 });
});
