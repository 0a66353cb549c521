import {
  administrationStore,
  canAddRecords,
  mayUsePage,
  openRecords,
  pageIds,
  showPage,
} from '../stores/administration.ts';
import { showScreen, viewStore } from '../stores/view.ts';
import { exportDay, exportList, shownList } from '../commands/transfer.ts';
import { myScope } from '../stores/session.ts';
import { actionNames as names } from '../words/actions.ts';
import type { Action } from './action.ts';

const here = { group: 'administration', where: 'anywhere' } as const;
const isShown = () => viewStore.getState().screen === 'administration';
const searchField = () => document.querySelector<HTMLElement>('[data-admin-search]');

export const administrationActions: readonly Action[] = [
  {
    ...here,
    id: 'searchRecords',
    name: names.searchRecords,
    keys: ['/'],
    isKeyOnly: true,
    isPossible: () => isShown() && searchField() !== null,
    run: () => searchField()?.focus(),
  },
  {
    ...here,
    id: 'addRecord',
    name: names.addRecord,
    keys: ['Insert'],
    changes: true,
    isKeyOnly: true,
    isPossible: () => isShown() && canAddRecords() && administrationStore.getState().open === null,
    run: () => openRecords([]),
  },
  // Only in the palette.
  {
    ...here,
    id: 'exportList',
    name: names.exportList,
    keys: [],
    isPossible: () => isShown() && shownList() !== null,
    run: () => {
      const list = shownList();
      if (list !== null) void exportList(list);
    },
  },
  {
    ...here,
    id: 'exportDay',
    name: names.exportDay,
    keys: [],
    isPossible: () => myScope('cases.read') !== 'none' && !isShown(),
    run: () => void exportDay(),
  },
  ...pageIds.map((page): Action => ({
    ...here,
    id: `administration.${page}`,
    name: names[`administration.${page}`],
    keys: [],
    isPossible: () => mayUsePage(page),
    run: () => {
      showScreen('administration');
      showPage(page);
    },
  })),
];
