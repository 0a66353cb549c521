import type { Action } from '@slate/shared/permissions';
import { createStore } from 'zustand/vanilla';
import { myScope } from './session.ts';

/** The pages of the administration area, in the order of their list, and the permission that each needs. */
const permissionOf = {
  rooms: 'resource.manage',
  equipment: 'resource.manage',
  beds: 'resource.manage',
  surgeons: 'resource.manage',
  lists: 'resource.manage',
  procedures: 'procedure.manage',
  blocks: 'block.manage',
  holidays: 'block.manage',
  closures: 'closure.manage',
  recurring: 'closure.manage',
  reasons: 'reason.manage',
  people: 'user.manage',
  invitations: 'user.manage',
  devices: 'device.manage',
  audit: 'audit.read',
  import: 'import.manage',
  site: 'settings.manage',
  transfer: 'site.export',
} as const satisfies Record<string, Action>;
export type PageId = keyof typeof permissionOf;
export const pageIds = Object.keys(permissionOf) as PageId[];

export const mayUsePage = (page: PageId) => myScope(permissionOf[page]) !== 'none';
export const mayAdminister = () => pageIds.some(mayUsePage);

/** The entries of a form that is not saved. They stay while other pages and screens are shown, and while the screen is locked. */
export type AdminDraft = {
  /** The values of the record that the entries are based on. */
  readonly base: object;
  readonly values: object;
  readonly theirs: Theirs;
};
/** Fields that somebody else has changed too: the other value, and the name of that person if known. */
export type Theirs = Readonly<Record<string, { readonly value: unknown; readonly by: string | null }>>;

type State = {
  page: PageId;
  /** The records in the open form: none is a new one, several are edited together. Null: no form is open. */
  open: readonly string[] | null;
  drafts: ReadonlyMap<string, AdminDraft>;
  /** Counts the changes of records that the feed does not carry, such as people. Their lists are loaded again. */
  changes: number;
};
export const administrationStore = createStore<State>(() => ({
  page: 'rooms',
  open: null,
  drafts: new Map(),
  changes: 0,
}));

export const reloadRecords = () => administrationStore.setState(({ changes }) => ({ changes: changes + 1 }));

/** The page that is shown: the chosen one, or the first that this person may use. */
export const shownPage = ({ page }: Pick<State, 'page'>): PageId | undefined =>
  mayUsePage(page) ? page : pageIds.find(mayUsePage);

/** People and devices register themselves, nobody writes the audit, and a file is not a record. */
const addsNothing: readonly (PageId | undefined)[] = ['people', 'devices', 'audit', 'transfer', 'import'];
/** Whether the shown page adds records. */
export const canAddRecords = () => !addsNothing.includes(shownPage(administrationStore.getState()));

export const showPage = (page: PageId) => administrationStore.setState({ page, open: null });
export const openRecords = (open: readonly string[] | null) => administrationStore.setState({ open });

export const draftKey = (page: PageId, ids: readonly string[]) => [page, ...ids].join(' ');
export const adminDraft = (key: string) => administrationStore.getState().drafts.get(key);
export const keepAdminDraft = (key: string, draft: AdminDraft | null) =>
  administrationStore.setState(({ drafts }) => {
    const next = new Map(drafts);
    if (draft) next.set(key, draft);
    else next.delete(key);
    return { drafts: next };
  });
export const forgetAdminDrafts = () => administrationStore.setState({ open: null, drafts: new Map() });
