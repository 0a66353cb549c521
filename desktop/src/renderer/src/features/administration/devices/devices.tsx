import type { Device } from '@slate/shared/contract/devices';
import { useStore } from 'zustand';
import { call } from '../../../api/client.ts';
import { retireDevice } from '../../../commands/devices.ts';
import { administrationStore, openRecords } from '../../../stores/administration.ts';
import { zoneNow } from '../../../stores/view.ts';
import { Callout } from '../../../ui/callout.tsx';
import { adminWords } from '../../../words/administration.ts';
import { deviceWords as words } from '../../../words/devices.ts';
import { dateAndTimeOf } from '../../../words/time.ts';
import { FailedPage } from '../frame/failed-page.tsx';
import type { Column } from '../frame/column.ts';
import { ConfirmedButton } from '../frame/confirm.tsx';
import { FactsPanel } from '../frame/facts-panel.tsx';
import { RecordList } from '../frame/record-list.tsx';
import panel from '../frame/record-panel.module.css';
import { readPages, usePolled } from '../frame/use-polled.ts';

const timeOf = (at: string) => dateAndTimeOf(at, zoneNow());
const columns: readonly Column<Device>[] = [
  { id: 'name', header: words.name, width: 'minmax(140px, 1.4fr)', read: ({ name }) => name },
  { id: 'person', header: words.person, width: 'minmax(120px, 1.2fr)', read: ({ person }) => person.name },
  {
    id: 'used',
    header: words.used,
    width: '150px',
    read: ({ usedAt }) => timeOf(usedAt),
    sortBy: ({ usedAt }) => usedAt,
  },
  {
    id: 'registered',
    header: words.registered,
    width: '150px',
    read: ({ registeredAt }) => timeOf(registeredAt),
    sortBy: ({ registeredAt }) => registeredAt,
  },
  { id: 'position', header: words.answered, width: '140px', read: ({ position }) => position },
];

const readDevices = (site: string, signal: AbortSignal) =>
  readPages<Device>(async (cursor) => {
    const query = { limit: 200, ...(cursor !== null && { cursor }) };
    const outcome = await call('devices', { params: { site }, query }, { signal });
    return outcome.kind === 'done'
      ? { ...outcome, reply: { items: outcome.reply.devices, next: outcome.reply.next } }
      : outcome;
  });

const none: readonly string[] = [];

/** The devices of the site: one person’s desk at one workstation each. */
export function Devices() {
  const { items, hasFailed, retry } = usePolled(readDevices);
  const open = useStore(administrationStore, (state) => state.open);
  if (hasFailed && !items) return <FailedPage title={words.failed} retry={retry} />;
  const device = items?.find(({ id }) => open?.includes(id));
  return (
    <>
      <RecordList
        label={adminWords.page.devices}
        items={items}
        columns={columns}
        nameOf={({ name }) => name}
        openIds={open ?? none}
        hasDraft={() => false}
        isRetired={({ retiredAt }) => retiredAt !== null}
        empty={words.empty}
        canAdd={false}
        open={openRecords}
        openTogether={null}
      />
      {device && <DevicePanel key={device.id} device={device} />}
    </>
  );
}

function DevicePanel({ device }: { device: Device }) {
  const { name, person, registeredAt, usedAt, retiredAt, position } = device;
  return (
    <FactsPanel
      title={words.title(name, person.name)}
      facts={[
        [words.person, person.name],
        [words.registered, timeOf(registeredAt)],
        [words.used, timeOf(usedAt)],
        [words.answered, position],
        ...(retiredAt === null ? [] : [[words.retired, timeOf(retiredAt)] as const]),
      ]}
    >
      <p className={panel.dimmed}>{words.help}</p>
      {retiredAt !== null && <Callout kind="info">{words.isRetired}</Callout>}
      {retiredAt === null && (
        <ConfirmedButton
          label={words.retire}
          question={words.confirm(person.name)}
          confirm={words.retireNow}
          send={(refused) => retireDevice(device, refused)}
        />
      )}
    </FactsPanel>
  );
}
