import '../../../../../../test/bridge.ts';
import { answerWith } from '../../../../../../test/answering.ts';
import type { SentRequest } from '../../../../../../test/answering.ts';
import type { Device } from '@slate/shared/contract/devices';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../../test/signed-in.ts';
import { at, date, loadBoard, uuid } from '../../../../../../test/small-board.ts';
import { keyHints } from '../../../actions/key-hints.ts';
import { administrationStore, showPage } from '../../../stores/administration.ts';
import { setConnection } from '../../../stores/connection.ts';
import { forgetPerson } from '../../../stores/forget.ts';
import { showScreen, viewStore } from '../../../stores/view.ts';
import { Administration } from '../administration.tsx';

const device = (n: number, name: string, more: Partial<Device> = {}): Device => ({
  id: uuid(n),
  name,
  person: { id: uuid(n + 100), name: `Person ${n}` },
  position: n,
  registeredAt: at('06:00', '2030-01-05'),
  usedAt: at('07:00', '2030-02-05'),
  retiredAt: null,
  ...more,
});

let devices: readonly Device[];
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(600);
  devices = [
    device(41, 'OR desk', { usedAt: at('07:00', '2030-04-05') }),
    device(42, 'Front desk'),
    device(43, 'Lost laptop', { retiredAt: at('08:00') }),
  ];
  signInAs('administrator');
  setConnection({ status: 'live', lagMs: 100 });
  viewStore.setState({ date, screen: 'administration' });
  loadBoard({});
});
afterEach(() => {
  vi.restoreAllMocks();
  forgetPerson();
  showPage('rooms');
  showScreen('day');
});

/** Answers reads with the devices in two pages. Returns the paths of the commands. */
function serve() {
  const sent: string[] = [];
  answerWith(({ path, query }: SentRequest) => {
    if (path.endsWith('/devices')) {
      const { cursor } = query as { cursor?: string };
      const page = cursor === undefined ? devices.slice(0, 1) : devices.slice(1);
      return { status: 200, body: { devices: page, next: cursor === undefined ? 'more' : null } };
    }
    const retired = devices.find(({ id }) => path.includes(id));
    if (!retired) return { status: 200, body: { users: [], next: null } };
    sent.push(path);
    const after = { ...retired, retiredAt: at('09:00') };
    devices = devices.map((each) => (each === retired ? after : each));
    return { status: 200, body: { device: after, revision: 2 } };
  });
  return sent;
}
async function show() {
  showPage('devices');
  renderInKit(<Administration />);
  await screen.findByRole('row', { name: /OR desk/ });
}
const names = () =>
  screen
    .getAllByRole('row')
    .filter(({ dataset }) => 'record' in dataset)
    .map((row) => within(row).getAllByRole('gridcell')[0]?.textContent);

test('AA25 all devices are listed, sorted by time, retired ones on demand; none is added here', async () => {
  serve();
  await show();
  expect(names()).toEqual(['Front desk', 'OR desk']);
  fireEvent.click(within(screen.getByRole('columnheader', { name: 'Last seen' })).getByRole('button'));
  expect(names()).toEqual(['Front desk', 'OR desk']);
  fireEvent.click(screen.getByRole('switch', { name: 'Show retired' }));
  expect(names()).toContain('Lost laptop · Retired');
  expect(screen.queryByRole('button', { name: 'Add' })).toBeNull();
  expect(keyHints().flatMap(({ keys }) => keys)).not.toContain('Insert');
  fireEvent.change(screen.getByRole('textbox', { name: 'Search' }), { target: { value: 'person 42' } });
  expect(names()).toEqual(['Front desk']);
});

test('AA25 retiring says what becomes of the waiting requests, and is done only after that', async () => {
  const sent = serve();
  await show();
  fireEvent.click(screen.getByRole('row', { name: /OR desk/ }));
  const panel = within(screen.getByRole('region', { name: 'OR desk of Person 41' }));
  expect(panel.getByText('41')).toBeTruthy();
  expect(document.activeElement?.textContent).toContain('Close');
  fireEvent.click(panel.getByRole('button', { name: 'Retire…' }));
  expect(panel.getByRole('alertdialog').textContent).toContain('still wait there are never sent');
  expect(sent).toEqual([]);
  fireEvent.click(panel.getByRole('button', { name: 'Retire the device' }));
  await panel.findByText('Retired: nothing is accepted from this device.');
  expect(sent).toHaveLength(1);
  expect(panel.queryByRole('button', { name: 'Retire…' })).toBeNull();
  await waitFor(() => expect(names()).toEqual(['Front desk']));
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
  expect(administrationStore.getState().open).toBeNull();
});

test('AA25 a failed list can be tried again; without the server nothing is retired', async () => {
  answerWith(() => 'unreachable');
  showPage('devices');
  renderInKit(<Administration />);
  await screen.findByText('The devices couldn’t be loaded');
  serve();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  fireEvent.click(await screen.findByRole('row', { name: /OR desk/ }));
  act(() => setConnection({ status: 'offline', since: Date.parse(at('06:00')) }));
  fireEvent.click(screen.getByRole('button', { name: 'Retire…' }));
  expect(screen.queryByRole('alertdialog')).toBeNull();
});

test('AA25 a site without devices says when one appears', async () => {
  devices = [];
  serve();
  showPage('devices');
  renderInKit(<Administration />);
  expect(await screen.findByText(/A device appears here when somebody signs in/)).toBeTruthy();
});
