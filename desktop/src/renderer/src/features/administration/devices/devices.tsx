import { Button } from '@mantine/core';
import type { Device } from '@slate/shared/contract/devices';
import { useState } from 'react';
import { useStore } from 'zustand';
import { call } from '../../../api/client.ts';
import { retireDevice } from '../../../commands/devices.ts';
import { useChanging } from '../../../forms/use-changing.ts';
import { administrationStore, openRecords } from '../../../stores/administration.ts';
import { unreachableReason } from '../../../stores/cut-off.ts';
import { zoneNow } from '../../../stores/view.ts';
import { Callout } from '../../../ui/callout.tsx';
import { RegionState } from '../../../ui/region-state.tsx';
import { adminWords } from '../../../words/administration.ts';
import { deviceWords as words } from '../../../words/devices.ts';
import type { Column } from '../frame/column.ts';
import { Confirm } from '../frame/confirm.tsx';
import { FactsPanel } from '../frame/facts-panel.tsx';
import { RecordList } from '../frame/record-list.tsx';
import panel from '../frame/record-panel.module.css';
import { readPages, usePolled } from '../frame/use-polled.ts';

const timeOf = (at: string) => words.time(at, zoneNow());
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
  if (hasFailed && !items) {
    return (
      <RegionState title={words.failed} action={adminWords.retry} run={retry}>
        {adminWords.failedHelp}
      </RegionState>
    );
  }
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
  const [isAsked, setAsked] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const { changing } = useChanging(unreachableReason);

  const retire = async () => {
    setProblem(null);
    setSending(true);
    await retireDevice(device, ({ detail }) => {
      setProblem(detail);
      return true;
    });
    setSending(false);
    setAsked(false);
  };
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
      {problem !== null && <Callout>{problem}</Callout>}
      {retiredAt === null &&
        (isAsked ? (
          <Confirm
            text={words.confirm(person.name)}
            label={words.retireNow}
            isSending={isSending}
            confirm={() => void retire()}
            leave={() => setAsked(false)}
          />
        ) : (
          <div className={panel.buttons}>
            <Button size="xs" variant="default" {...changing(() => setAsked(true))}>
              {words.retire}
            </Button>
          </div>
        ))}
    </FactsPanel>
  );
}
