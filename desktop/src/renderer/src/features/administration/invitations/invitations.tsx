import { createInvitation } from '@slate/shared/contract/invitations';
import type { CreateInvitation, Invitation } from '@slate/shared/contract/invitations';
import { role as roles } from '@slate/shared/permissions';
import type { Role } from '@slate/shared/permissions';
import { useStore } from 'zustand';
import { call } from '../../../api/client.ts';
import type { Outcome } from '../../../api/client.ts';
import { invite, revokeInvitation } from '../../../commands/invitations.ts';
import { administrationStore, draftKey, openRecords } from '../../../stores/administration.ts';
import { serverNow, useNow } from '../../../stores/clock.ts';
import { zoneNow } from '../../../stores/view.ts';
import { Callout } from '../../../ui/callout.tsx';
import { ReturnFocus } from '../../../ui/return-focus.tsx';
import { adminWords, peopleWords } from '../../../words/administration.ts';
import { headerWords } from '../../../words/header.ts';
import { invitationWords as words } from '../../../words/invitations.ts';
import { dateAndTimeOf } from '../../../words/time.ts';
import { FailedPage } from '../frame/failed-page.tsx';
import type { Column } from '../frame/column.ts';
import { ConfirmedButton } from '../frame/confirm.tsx';
import { FactsPanel } from '../frame/facts-panel.tsx';
import { SelectField, TextField } from '../frame/fields.tsx';
import { RecordList } from '../frame/record-list.tsx';
import { RecordPanel } from '../frame/records.tsx';
import type { FieldsProps, RecordsPage } from '../frame/records.tsx';
import { usePolled } from '../frame/use-polled.ts';
import { SurgeonsField, surgeonNames } from '../people/surgeons-field.tsx';

type Values = { email: string; role: Role | ''; surgeonIds: string[] };

const roleName = (role: Role | '') => (role === '' ? '' : headerWords.roles[role]);
const isExpired = ({ expiresAt }: Invitation) => Date.parse(expiresAt) <= serverNow();
const timeOf = (at: string) => dateAndTimeOf(at, zoneNow());

const columns: readonly Column<Invitation>[] = [
  { id: 'email', header: words.email, width: 'minmax(180px, 1.6fr)', read: ({ email }) => email },
  { id: 'role', header: words.role, width: '150px', read: ({ role }) => roleName(role) },
  { id: 'by', header: words.by, width: 'minmax(120px, 1fr)', read: ({ by }) => by.name },
  {
    id: 'expires',
    header: words.expires,
    width: '170px',
    read: (item) => (isExpired(item) ? words.expired : timeOf(item.expiresAt)),
    sortBy: ({ expiresAt }) => expiresAt,
  },
];

/** The form of a new invitation. One that was made is not changed, only revoked. */
const page: RecordsPage<Invitation, Values, CreateInvitation> = {
  id: 'invitations',
  newTitle: words.new,
  columns,
  nameOf: ({ email }) => email,
  blank: { email: '', role: '', surgeonIds: [] },
  valuesOf: ({ email, role, surgeonIds }) => ({ email, role, surgeonIds }),
  bodyOf: ({ email, role, surgeonIds }) => ({
    email: email.trim(),
    role: role as Role,
    surgeonIds: role === 'office' ? surgeonIds : [],
  }),
  schema: createInvitation,
  errorsOf: ({ role, surgeonIds }) => ({
    ...(role === '' && { role: peopleWords.chooseRole }),
    ...(role === 'office' && surgeonIds.length === 0 && { surgeonIds: peopleWords.chooseSurgeons }),
  }),
  Fields,
  add: async ([body], saving) => {
    if (body) await invite(body, saving);
  },
  change: () => Promise.resolve(),
};

function Fields({ form }: FieldsProps<Invitation, Values>) {
  return (
    <>
      <TextField form={form} field="email" label={words.email} help={words.emailHelp} />
      <SelectField
        form={form}
        field="role"
        label={words.role}
        help={peopleWords.roleHelp}
        options={roles.options.map((each) => ({ value: each, label: roleName(each) }))}
        shown={roleName}
      />
      {form.values.role === 'office' && <SurgeonsField form={form} />}
    </>
  );
}

const readInvitations = async (
  site: string,
  signal: AbortSignal,
): Promise<Outcome<readonly Invitation[]>> => {
  const outcome = await call('invitations', { params: { site } }, { signal });
  return outcome.kind === 'done' ? { ...outcome, reply: outcome.reply.invitations } : outcome;
};

const none: readonly string[] = [];

/** The invitations that were not used yet. */
export function Invitations() {
  const { items, hasFailed, retry } = usePolled(readInvitations);
  const open = useStore(administrationStore, (state) => state.open);
  const drafts = useStore(administrationStore, (state) => state.drafts);
  // An invitation may expire while it is shown.
  useNow(60_000);
  if (hasFailed && !items) return <FailedPage title={words.failed} retry={retry} />;
  const invitation = items?.find(({ id }) => open?.includes(id));
  return (
    <>
      <RecordList
        label={adminWords.page.invitations}
        items={items}
        columns={columns}
        nameOf={({ email }) => email}
        openIds={open ?? none}
        hasDraft={(id) => drafts.has(draftKey('invitations', [id]))}
        empty={words.empty}
        open={openRecords}
        openTogether={null}
      />
      {open?.length === 0 && items && (
        <ReturnFocus>
          <RecordPanel page={page} items={items} ids={open} closed={() => openRecords(null)} />
        </ReturnFocus>
      )}
      {invitation && <InvitationPanel key={invitation.id} invitation={invitation} />}
    </>
  );
}

function InvitationPanel({ invitation }: { invitation: Invitation }) {
  const { email, role, surgeonIds, by, createdAt, expiresAt } = invitation;
  return (
    <FactsPanel
      title={words.title(email)}
      facts={[
        [words.role, roleName(role)],
        ...(role === 'office' ? [[peopleWords.surgeons, surgeonNames(surgeonIds)] as const] : []),
        [words.by, by.name],
        [words.created, timeOf(createdAt)],
        [words.expires, timeOf(expiresAt)],
      ]}
    >
      {isExpired(invitation) && <Callout kind="info">{words.isExpired}</Callout>}
      <ConfirmedButton
        label={words.revoke}
        question={words.confirm(email)}
        confirm={words.revokeNow}
        send={(refused) => revokeInvitation(invitation, refused)}
      />
    </FactsPanel>
  );
}
