import { program } from '../../../../../test/bridge.ts';
import { answerWith } from '../../../../../test/answering.ts';
import type { Answer, SentRequest } from '../../../../../test/answering.ts';
import type { ChangeBody } from '@slate/shared/changes';
import type { ListedReason } from '@slate/shared/reasons';
import type { Closure } from '@slate/shared/sites';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../test/signed-in.ts';
import {
  aProcedure,
  aResource,
  at,
  date,
  loadBoard,
  reasons,
  setClock,
  uuid,
} from '../../../../../test/small-board.ts';
import { applyChanges } from '../../realtime/write-board.ts';
import { administrationStore, showPage } from '../../stores/administration.ts';
import type { PageId } from '../../stores/administration.ts';
import { boardStore } from '../../stores/board.ts';
import { publishChange } from '../../stores/changes.ts';
import { setConnection } from '../../stores/connection.ts';
import { forgetPerson } from '../../stores/forget.ts';
import { toastStore } from '../../stores/toasts.ts';
import { undo } from '../../stores/undo.ts';
import { showScreen, viewStore } from '../../stores/view.ts';
import { Administration } from './administration.tsx';

const room = aResource('room', 'OR 1');
const cArm = aResource('equipment', 'C-arm', { capacity: 4 });
const pacu = aResource('bed', 'PACU', { capacity: 18 });
const haddad = aResource('surgeon', 'Haddad', { attributes: { service: 'Ortho' } });
const cataracts = aResource('list', 'Cataracts', { capacity: 8 });
const knee = { ...aProcedure('Total knee', 105), equipment: [{ resourceId: cArm.id, quantity: 1 }] };
const cleaning: Closure = {
  id: uuid(50),
  resourceId: room.id,
  start: at('08:00'),
  end: at('10:00'),
  quantity: 1,
  reason: 'Terminal cleaning',
  createdBy: { id: uuid(9), name: 'J. Diaz' },
  version: 1,
};

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(600);
  signInAs('administrator');
  setConnection({ status: 'live', lagMs: 100 });
  viewStore.setState({ date, screen: 'administration' });
  setClock(at('06:00'));
  loadBoard({ resources: [room, cArm, pacu, haddad, cataracts], procedures: [knee] });
});
afterEach(() => {
  vi.restoreAllMocks();
  forgetPerson();
  showPage('rooms');
  showScreen('day');
});

/** Answers reads of closures, and commands with what they ask for. */
function serve(command: (request: SentRequest) => Answer, closures: readonly Closure[] = [cleaning]) {
  const isRead = ({ path, body }: SentRequest) => body === undefined && /\/(closures|users)$/.test(path);
  const sent = answerWith((request) =>
    isRead(request) ? { status: 200, body: { closures, users: [], next: null } } : command(request),
  );
  return () => sent.filter((request) => !isRead(request));
}
const show = (page: PageId) => {
  showPage(page);
  renderInKit(<Administration />);
};
const row = (name: RegExp) => screen.getByRole('row', { name });
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label, { selector: 'input' });
const type = (label: string, value: string) => fireEvent.change(field(label), { target: { value } });
const save = () =>
  fireEvent.keyDown(screen.getByRole('region', { name: /^(Edit|New|Site)/ }), {
    key: 'Enter',
    ctrlKey: true,
  });
const pick = (label: string, option: string) => {
  act(() => field(label).focus());
  fireEvent.click(field(label));
  type(label, option);
  fireEvent.click(screen.getByRole('option', { name: option }));
};
const feed = (body: ChangeBody) =>
  act(() => publishChange({ revision: 2, at: at('06:00'), by: null, body }, undefined));

test.each([
  ['equipment', /C-arm/, 'Units', cArm],
  ['beds', /PACU/, 'Beds', pacu],
  ['lists', /Cataracts/, 'Places', cataracts],
] as const)('AA10 the capacity of %s', async (page, name, label, resource) => {
  const sent = serve(({ body }) => {
    const { version: _version, ...edit } = body as { version: number };
    return { status: 200, body: { resource: { ...resource, ...edit, version: 2 }, bumped: [] } };
  });
  show(page);
  fireEvent.click(row(name));
  expect(field(label).value).toBe(String(resource.capacity));
  type(label, '0');
  save();
  expect(screen.getByText('Must be at least 1.')).toBeTruthy();
  type(label, '12');
  save();
  await waitFor(() => expect(sent()).toHaveLength(1));
  expect(sent()[0]?.body).toEqual({ version: 1, capacity: 12 });
});

test('AA10, CL8 equipment has minutes for its transport and its reprocessing', async () => {
  const sent = serve(({ body }) => {
    const { version: _version, ...edit } = body as { version: number };
    return { status: 200, body: { resource: { ...cArm, ...edit, version: 2 }, bumped: [] } };
  });
  show('equipment');
  fireEvent.click(row(/C-arm/));
  type('Transport before, min', '10');
  type('Reprocessing after, min', '30');
  save();
  await waitFor(() => expect(sent()).toHaveLength(1));
  const attributes = { transportMinutes: 10, reprocessMinutes: 30 };
  expect(sent()[0]?.body).toEqual({ version: 1, attributes });
});

test('EL3 each list of the administration is exported by its button, into a file', async () => {
  const headers = { 'content-disposition': "attachment; filename*=UTF-8''st-anna-surgeons-2026-11-20.csv" };
  const sent = serve(() => ({ status: 200, body: 'ID,Name', headers }));
  show('surgeons');
  fireEvent.click(screen.getByRole('button', { name: 'Export' }));
  await waitFor(() =>
    expect(program.saved).toEqual([{ name: 'st-anna-surgeons-2026-11-20.csv', text: '\uFEFFID,Name' }]),
  );
  expect(sent()).toMatchObject([
    { path: expect.stringMatching(/\/lists$/) as string, query: { list: 'surgeons' } },
  ]);
});

test('AA10 leave of a surgeon begins with the surgeon, as a closure', async () => {
  const sent = serve(({ body }) => ({
    status: 201,
    body: {
      closure: { ...cleaning, id: uuid(51), ...(body as object), start: at('00:00'), end: at('12:00') },
      bumped: [],
    },
  }));
  show('surgeons');
  fireEvent.click(row(/Haddad/));
  fireEvent.click(screen.getByRole('button', { name: 'Add leave…' }));
  const form = await screen.findByRole('region', { name: 'New closure' });
  expect(within(form).getByLabelText<HTMLInputElement>('What is closed', { selector: 'input' }).value).toBe(
    'Haddad',
  );
  save();
  expect(screen.getAllByText('Enter the date and the time.')).toHaveLength(2);
  type('Until', '2026-12-24T00:00');
  fireEvent.change(within(form).getByLabelText('From', { selector: 'input' }), {
    target: { value: '2026-12-21T00:00' },
  });
  type('Reason', 'Vacation');
  save();
  await waitFor(() => expect(sent()).toHaveLength(1));
  expect(sent()[0]?.body).toEqual({
    resourceId: haddad.id,
    start: '2026-12-21T00:00',
    end: '2026-12-24T00:00',
    reason: 'Vacation',
  });
  await waitFor(() => expect(administrationStore.getState().open).toBeNull());
});

test('AA11 BT19 a coordinator has the closures, and nothing else', async () => {
  serve(() => 'unreachable');
  signInAs('coordinator');
  show('rooms');
  const pages = within(screen.getByRole('navigation', { name: 'Administration pages' })).getAllByRole(
    'button',
  );
  expect(pages.map(({ textContent }) => textContent)).toEqual(['Closures', 'Recurring closures']);
  await screen.findByText('Terminal cleaning');
});

test('AA11 closures follow the feed, and are loaded again for other dates', async () => {
  const body = { closures: [cleaning], users: [], next: null };
  const sent = answerWith(() => ({ status: 200, body }));
  show('closures');
  await screen.findByText('Terminal cleaning');
  feed({ type: 'closure', closure: { ...cleaning, id: uuid(52), reason: 'Repair' } });
  expect(screen.getByText('Repair')).toBeTruthy();
  feed({
    type: 'closure',
    closure: {
      ...cleaning,
      id: uuid(53),
      reason: 'Next year',
      start: at('08:00', '2027-11-20'),
      end: at('09:00', '2027-11-20'),
    },
  });
  expect(screen.queryByText('Next year')).toBeNull();
  feed({ type: 'closure_removed', id: cleaning.id });
  expect(screen.queryByText('Terminal cleaning')).toBeNull();
  type('From', '2026-12-01');
  await waitFor(() => expect(sent.filter(({ path }) => path.endsWith('/closures'))).toHaveLength(2));
});

test('AA11 a closure is removed, and closed again by undo', async () => {
  const sent = serve(({ body }) =>
    body === undefined
      ? { status: 200, body: { id: cleaning.id } }
      : { status: 201, body: { closure: cleaning, bumped: [] } },
  );
  show('closures');
  fireEvent.click(await screen.findByText('Terminal cleaning'));
  fireEvent.click(screen.getByRole('button', { name: 'Remove' }));
  await waitFor(() =>
    expect(toastStore.getState().toasts.map(({ text }) => text)).toEqual([
      'Removed the closure of OR 1 on Fri, Nov 20',
    ]),
  );
  await act(() => undo());
  const { id: _id, createdBy: _by, version: _version, ...again } = cleaning;
  expect(sent()[1]?.body).toEqual(again);
});

test('AA11 the form of a closure that another person removed says so, and keeps the entries', async () => {
  const sent = serve(() => 'unreachable');
  show('closures');
  fireEvent.click(await screen.findByText('Terminal cleaning'));
  type('Reason', 'Deep cleaning');
  feed({ type: 'closure_removed', id: cleaning.id });
  expect(screen.getByText('This record no longer exists.')).toBeTruthy();
  expect(field('Reason').value).toBe('Deep cleaning');
  save();
  expect(sent()).toEqual([]);
});

test('AA12, BK17 a procedure has its lengths, minutes by room, equipment with units, and a bed by nights', async () => {
  const all = serve(({ path, body }) => {
    if (path.endsWith('/cases-in-the-way')) return { status: 200, body: { cases: [] } };
    const { version: _version, ...edit } = body as { version: number };
    return { status: 200, body: { procedure: { ...knee, ...edit, version: 2 } } };
  });
  const sent = () => all().filter(({ path }) => !path.endsWith('/cases-in-the-way'));
  show('procedures');
  expect(row(/Total knee/).textContent).toContain('105 ± 20 min');
  fireEvent.click(row(/Total knee/));
  type('Length, min', '110');
  type('Units of C-arm', '2');
  pick('Other setup and cleanup in', 'OR 1');
  type('Setup in OR 1, min', '30');
  pick('Bed afterwards', 'PACU');
  type('Nights', '3');
  save();
  await waitFor(() => expect(sent()).toHaveLength(1));
  expect(sent()[0]?.body).toEqual({
    version: 1,
    minutes: 110,
    turnoverByRoom: [{ roomId: room.id, setupMinutes: 30, cleanupMinutes: knee.cleanupMinutes }],
    equipment: [{ resourceId: cArm.id, quantity: 2 }],
    bed: { resourceId: pacu.id, nights: 3 },
  });
  await act(() => undo());
  expect(sent()[1]?.body).toEqual({
    version: 2,
    minutes: 105,
    turnoverByRoom: [],
    equipment: knee.equipment,
    bed: null,
  });
});

test('AA13 the site settings are one form; what prevents another time zone is listed', async () => {
  const blockers = [
    {
      kind: 'case',
      resourceId: room.id,
      start: at('08:00'),
      end: at('09:00'),
      caseId: uuid(70),
      number: 7,
      title: 'Hip',
    },
  ];
  const sent = serve(({ body }) => {
    if ('timeZone' in (body as object)) {
      const problem = {
        type: 'about:blank',
        title: 'In use',
        status: 409,
        code: 'in_use',
        detail: 'No.',
        blockers,
      };
      return { status: 409, body: problem };
    }
    const site = boardStore.getState().view?.board.site;
    return { status: 200, body: { site: { ...site, version: 2 } } };
  });
  show('site');
  type('A hold lasts, seconds', '');
  save();
  expect(screen.getByText('Must be a number.')).toBeTruthy();
  type('A hold lasts, seconds', '180');
  fireEvent.click(screen.getByRole('switch', { name: 'Patient references on cards' }));
  fireEvent.click(screen.getByRole('switch', { name: 'Surgeons on the wall board' }));
  save();
  await waitFor(() => expect(sent()).toHaveLength(1));
  expect(sent()[0]?.body).toEqual({
    version: 1,
    holdSeconds: 180,
    patientsOnCards: true,
    wallSurgeons: false,
  });
  await waitFor(() => expect(field('A hold lasts, seconds').value).toBe('120'));
  pick('Time zone', 'Europe/Berlin');
  save();
  const list = await screen.findByRole('region', { name: '1 case is in the way' });
  expect(list.textContent).toContain('Move or cancel these first.');
  expect(within(list).queryByRole('button')).toBeNull();
});

describe('RS1 RS2 the reasons', () => {
  /** The reasons of cancelling in the body of a command: code and place. */
  const cancelling = ({ body }: SentRequest) =>
    (body as { reasons: ListedReason[] }).reasons.filter(({ kind }) => kind === 'cancel');
  const serveReasons = () =>
    serve(({ body }) => ({
      status: 200,
      body: {
        site: { ...boardStore.getState().view?.board.site, ...(body as object), version: 2 },
        revision: 2,
      },
    }));

  test('a new one gets its code from its text, at the place of its digit; undo retires it', async () => {
    const sent = serveReasons();
    show('reasons');
    fireEvent.click(screen.getByRole('button', { name: 'Add' }));
    type('Reason', 'Patient unwell');
    save();
    expect(screen.getByText(/^Another reason of this command has this code/)).toBeTruthy();
    type('Reason', 'No ICU bed');
    type('Key', '2');
    save();
    await waitFor(() => expect(sent()).toHaveLength(1));
    const [first] = sent();
    if (!first) throw new Error('Nothing was sent.');
    expect(cancelling(first)[1]).toEqual({
      kind: 'cancel',
      code: 'no_icu_bed',
      text: 'No ICU bed',
      active: true,
    });
    expect((first.body as { reasons: unknown[] }).reasons).toHaveLength(reasons.length + 1);
    await act(() => undo());
    const added = { code: 'no_icu_bed', text: 'No ICU bed', active: false };
    expect(sent()[1]?.body).toMatchObject({ reasons: [...reasons, added] });
  });

  test('RS4 the key is the digit of the question: retired ones have none', async () => {
    const [unwell, ...others] = reasons;
    const { site } = loadBoard({}).board;
    const retired = { ...(unwell as ListedReason), active: false };
    const by = { id: uuid(9), name: 'J. Diaz' };
    const body: ChangeBody = { type: 'site', site: { ...site, reasons: [retired, ...others], version: 2 } };
    applyChanges([{ revision: 2, at: at('06:00'), by, body }], 2, at('06:00'));
    const sent = serveReasons();
    show('reasons');
    expect(row(/Patient no-show/).textContent).toContain('Cancelling a case1');
    fireEvent.click(screen.getByRole('switch', { name: 'Show retired' }));
    expect(within(row(/Patient unwell/)).getAllByRole('gridcell')[1]?.textContent).toBe('');
    fireEvent.click(row(/Medical clearance/));
    type('Key', '2');
    save();
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0] && cancelling(sent()[0] as SentRequest).map(({ code }) => code)).toEqual([
      'patient_unwell',
      'patient_no_show',
      'medical_clearance_missing',
      'patient_declined',
    ]);
  });

  test('a typed code that exists already is refused, also with a space after it', () => {
    const sent = serveReasons();
    show('reasons');
    fireEvent.click(screen.getByRole('button', { name: 'Add' }));
    type('Reason', 'Another one');
    type('Code', 'patient_unwell ');
    save();
    expect(screen.getByText(/^Another reason of this command has this code/)).toBeTruthy();
    expect(sent()).toEqual([]);
  });

  test('one is reworded, moved and retired; its code cannot be edited', async () => {
    const sent = serveReasons();
    show('reasons');
    fireEvent.click(row(/Patient no-show/));
    expect(screen.queryByLabelText('Code', { selector: 'input' })).toBeNull();
    type('Reason', 'Patient did not come');
    type('Key', '1');
    save();
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0] && cancelling(sent()[0] as SentRequest)[0]).toMatchObject({
      code: 'patient_no_show',
      text: 'Patient did not come',
    });
    fireEvent.click(row(/Patient declined/));
    fireEvent.click(screen.getByRole('button', { name: 'Retire' }));
    await waitFor(() => expect(sent()).toHaveLength(2));
    expect(sent()[1] && cancelling(sent()[1] as SentRequest)[2]).toMatchObject({
      code: 'patient_declined',
      active: false,
    });
  });
});
