import { changeMember } from '@slate/shared/contract/people';
import type { Member } from '@slate/shared/contract/people';
import { role as roles } from '@slate/shared/permissions';
import type { Role } from '@slate/shared/permissions';
import { changePeople } from '../../../commands/people.ts';
import type { Access } from '../../../commands/people.ts';
import { zoneNow } from '../../../stores/view.ts';
import { peopleWords as words } from '../../../words/administration.ts';
import { headerWords } from '../../../words/header.ts';
import { FailedPage } from '../frame/failed-page.tsx';
import { SelectField } from '../frame/fields.tsx';
import { Records } from '../frame/records.tsx';
import type { FieldsProps, RecordsPage } from '../frame/records.tsx';
import { usePolled } from '../frame/use-polled.ts';
import { readAll, readPending } from './read-people.ts';
import { Account } from './account.tsx';
import { Sessions } from './sessions.tsx';
import { SurgeonsField, surgeonNames } from './surgeons-field.tsx';
import styles from './people.module.css';

type Values = { role: Role | ''; surgeonIds: string[] };

const roleName = (role: Role | '' | null) => (role ? headerWords.roles[role] : words.noRole);

const page: RecordsPage<Member, Values, Access> = {
  id: 'people',
  columns: [
    { id: 'name', header: words.name, width: 'minmax(140px, 1.2fr)', read: ({ name }) => name },
    { id: 'email', header: words.email, width: 'minmax(160px, 1.4fr)', read: ({ email }) => email },
    { id: 'role', header: words.role, width: '140px', read: ({ role }) => roleName(role) },
    {
      id: 'surgeons',
      header: words.surgeons,
      width: 'minmax(110px, 1fr)',
      read: ({ surgeonIds }) => surgeonNames(surgeonIds),
    },
    { id: 'status', header: words.status, width: '150px', read: ({ status }) => words.statuses[status] },
    {
      id: 'lastSeen',
      header: words.lastSeen,
      width: '150px',
      read: ({ lastSeenAt }) => words.seen(lastSeenAt, zoneNow()),
      sortBy: ({ lastSeenAt }) => lastSeenAt ?? '',
    },
  ],
  empty: words.empty,
  nameOf: ({ name }) => name,
  isRetired: ({ status }) => status === 'disabled',
  retiredWords: { show: words.showDisabled, mark: words.disabled, help: words.isDisabled },
  isFirst: ({ status }) => status === 'pending',
  blank: { role: '', surgeonIds: [] },
  valuesOf: ({ role, surgeonIds }) => ({ role: role ?? '', surgeonIds }),
  // Only an office works for surgeons.
  bodyOf: ({ role, surgeonIds }) => ({
    role: role === '' ? null : role,
    surgeonIds: role === 'office' ? surgeonIds : [],
  }),
  schema: changeMember.omit({ version: true }),
  errorsOf: ({ role, surgeonIds }, { of }) => ({
    ...(of?.status === 'pending' && role === '' && { role: words.chooseRole }),
    ...(role === 'office' && surgeonIds.length === 0 && { surgeonIds: words.chooseSurgeons }),
  }),
  Fields,
  // People register themselves.
  add: null,
  change: changePeople,
  isSingle: true,
  saveAs: ({ status }) => (status === 'pending' ? words.approve : null),
  // The last administrator of the site.
  fieldOfRefusal: ({ code }) => (code === 'in_use' ? 'role' : null),
};

function Fields({ form, item }: FieldsProps<Member, Values>) {
  const { role } = form.values;
  if (!item) return null;
  const isPending = item.status === 'pending';
  return (
    <>
      <p className={styles.text}>{item.email}</p>
      {isPending && <p className={styles.text}>{words.isPending}</p>}
      <SelectField
        form={form}
        field="role"
        label={words.role}
        help={words.roleHelp}
        options={[
          ...roles.options.map((each) => ({ value: each, label: roleName(each) })),
          ...(isPending ? [] : [{ value: '', label: words.noRole }]),
        ]}
        shown={roleName}
      />
      {role === 'office' && <SurgeonsField form={form} />}
      <Account person={item} />
      {!isPending && <Sessions key={item.id} person={item} />}
    </>
  );
}

/** The people of the site, those who wait for approval first. */
export function People() {
  const { items, hasFailed, retry } = usePolled(readAll);
  if (hasFailed && !items) return <FailedPage title={words.failed} retry={retry} />;
  return <Records page={page} items={items} />;
}

/** How many people wait for approval. */
export function WaitingPeople() {
  const count = usePolled(readPending).items?.length ?? 0;
  if (count === 0) return null;
  return (
    <span
      className={styles.waiting}
      role="img"
      aria-label={words.waiting(count)}
      title={words.waiting(count)}
    >
      {count}
    </span>
  );
}
