import { Button, Select, TextInput } from '@mantine/core';
import { auditChain } from '@slate/shared/contract/audit';
import type { Member } from '@slate/shared/contract/people';
import { localDay } from '@slate/shared/time';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { exportAudit } from '../../../commands/transfer.ts';
import { administrationStore, openRecords } from '../../../stores/administration.ts';
import { zoneNow } from '../../../stores/view.ts';
import { byWords } from '../../../ui/by-words.ts';
import { Callout } from '../../../ui/callout.tsx';
import { adminWords } from '../../../words/administration.ts';
import { auditWords as words } from '../../../words/audit.ts';
import { FailedPage } from '../frame/failed-page.tsx';
import type { Column } from '../frame/column.ts';
import { FactsPanel } from '../frame/facts-panel.tsx';
import { RecordList } from '../frame/record-list.tsx';
import { usePolled } from '../frame/use-polled.ts';
import { readAll as readPeople } from '../people/read-people.ts';
import { useAudit } from './use-audit.ts';
import type { Entry, Filter } from './use-audit.ts';
import { Verification } from './verification.tsx';
import styles from './audit.module.css';

type Chosen = {
  chain: Entry['chain'];
  person: string | null;
  action: string | null;
  from: string;
  until: string;
  case: string;
};
const everything: Omit<Chosen, 'chain'> = { person: null, action: null, from: '', until: '', case: '' };

/** The id in the link of a case, or the id itself; null: neither. */
const caseIdIn = (text: string) =>
  /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/i.exec(text)?.[0].toLowerCase() ?? null;

function filterOf({ chain, person, action, from, until, case: text }: Chosen): Filter {
  const caseId = caseIdIn(text);
  return {
    chain,
    ...(person !== null && { person }),
    ...(action !== null && { action }),
    ...(caseId !== null && { case: caseId }),
    ...(from !== '' && { from: localDay(from, zoneNow()).start }),
    ...(until !== '' && { to: localDay(until, zoneNow()).end }),
  };
}

const rowId = ({ seq }: Entry) => String(seq);
type Row = Entry & { id: string };

type CaseOfEntry = { id: string; number: number | null };
/** The cases that an entry is about. */
function casesIn({ detail }: Entry): readonly CaseOfEntry[] {
  const { cases, case: single } = detail;
  if (typeof single === 'string') return [{ id: single, number: null }];
  if (!Array.isArray(cases)) return [];
  return cases.flatMap(({ id, number }: { id?: unknown; number?: unknown }) =>
    typeof id === 'string' ? [{ id, number: typeof number === 'number' ? number : null }] : [],
  );
}

const actorOf = ({ chain, actor }: Entry) =>
  actor?.name ?? (chain === 'identity' ? words.nobody : words.system);

/** The changes, reads and sign-ins; filtered by the server, and verified on demand. */
export function Audit() {
  const [chosen, setChosen] = useState<Chosen>({ chain: 'commands', ...everything });
  const set = (some: Partial<Chosen>) => {
    openRecords(null);
    setChosen((before) => ({ ...before, ...some }));
  };
  const { chain } = chosen;
  const filter = useMemo(() => filterOf(chosen), [chosen]);
  const { entries, hasFailed, more, isLoadingMore, retry } = useAudit(filter);
  const { items: people } = usePolled(readPeople);
  const names = useMemo(() => new Map((people ?? []).map(({ id, name }) => [id, name])), [people]);
  const open = useStore(administrationStore, (state) => state.open);
  const isFiltered = Object.keys(filter).length > 1;
  const rows = useMemo(
    () => entries?.map((entry): Row => ({ ...entry, id: rowId(entry) })) ?? null,
    [entries],
  );
  const columns = useMemo(() => columnsWith(names), [names]);
  const opened = rows?.find(({ id }) => open?.includes(id));

  return (
    <>
      <RecordList
        label={adminWords.page.audit}
        items={rows}
        columns={columns}
        nameOf={({ seq }) => words.title(seq)}
        openIds={open ?? none}
        hasDraft={() => false}
        empty={isFiltered ? words.noMatch : words.empty}
        canAdd={false}
        open={openRecords}
        openTogether={null}
        tools={
          <>
            <Button size="compact-sm" variant="default" onClick={retry}>
              {words.latest}
            </Button>
            {more && (
              <Button size="compact-sm" variant="default" loading={isLoadingMore} onClick={() => void more()}>
                {words.more}
              </Button>
            )}
          </>
        }
        above={
          <>
            <Filters chosen={chosen} set={set} people={people ?? []} isFiltered={isFiltered} />
            <div className={styles.work}>
              <p className={styles.help}>{words.chainHelp[chain]}</p>
              <Exporting key={JSON.stringify(filter)} filter={filter} />
              <Verification key={chain} chain={chain} />
            </div>
            {hasFailed && rows && <Callout>{words.pageFailed}</Callout>}
          </>
        }
        failed={hasFailed && <FailedPage title={words.failed} retry={retry} />}
      />
      {opened && (
        <EntryPanel
          key={opened.id}
          entry={opened}
          names={names}
          onlyCase={(caseId) => set({ ...everything, case: caseId })}
        />
      )}
    </>
  );
}

type FiltersProps = {
  chosen: Chosen;
  set: (some: Partial<Chosen>) => void;
  people: readonly Member[];
  isFiltered: boolean;
};

function Filters({ chosen, set, people, isFiltered }: FiltersProps) {
  const { chain } = chosen;
  return (
    <div className={styles.filters}>
      <Select
        size="xs"
        w={120}
        label={words.chain}
        data={auditChain.options.map((value) => ({ value, label: words.chains[value] }))}
        value={chain}
        allowDeselect={false}
        onChange={(value) => set({ chain: auditChain.parse(value), action: null })}
      />
      <Select
        size="xs"
        w={180}
        label={words.person}
        placeholder={words.anyone}
        data={people.map(({ id, name }) => ({ value: id, label: name }))}
        value={chosen.person}
        searchable
        clearable
        filter={byWords()}
        limit={60}
        onChange={(person) => set({ person })}
      />
      <Select
        size="xs"
        w={220}
        label={words.action}
        placeholder={words.anything}
        data={Object.entries(words.actionsOf(chain)).map(([value, label]) => ({ value, label }))}
        value={chosen.action}
        searchable
        clearable
        filter={byWords()}
        onChange={(action) => set({ action })}
      />
      <TextInput
        size="xs"
        type="date"
        label={words.from}
        value={chosen.from}
        onChange={({ currentTarget: { value } }) => set({ from: value })}
      />
      <TextInput
        size="xs"
        type="date"
        label={words.until}
        value={chosen.until}
        onChange={({ currentTarget: { value } }) => set({ until: value })}
      />
      {chain !== 'identity' && (
        <TextInput
          size="xs"
          w={180}
          label={words.case}
          placeholder={words.caseHint}
          value={chosen.case}
          error={chosen.case.trim() !== '' && caseIdIn(chosen.case) === null ? words.notACase : null}
          onChange={({ currentTarget: { value } }) => set({ case: value })}
        />
      )}
      {isFiltered && (
        <Button size="xs" variant="default" onClick={() => set(everything)}>
          {words.clearFilters}
        </Button>
      )}
    </div>
  );
}

const none: readonly string[] = [];

/** The export of the entries that match. */
function Exporting({ filter }: { filter: Filter }) {
  const [isExporting, setExporting] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const run = async () => {
    running.current = new AbortController();
    setProblem(null);
    setExporting(true);
    setProblem(await exportAudit(filter, running.current.signal));
    setExporting(false);
  };
  return (
    <>
      {problem !== null && (
        <div className={styles.outcome}>
          <Callout>{problem}</Callout>
        </div>
      )}
      {isExporting ? (
        <>
          <span role="status">{words.exporting}</span>
          <Button size="compact-sm" variant="default" onClick={() => running.current?.abort()}>
            {words.stop}
          </Button>
        </>
      ) : (
        <Button size="compact-sm" variant="default" onClick={() => void run()}>
          {words.export}
        </Button>
      )}
    </>
  );
}

function columnsWith(names: ReadonlyMap<string, string>): readonly Column<Row>[] {
  return [
    {
      id: 'at',
      header: words.time,
      width: '160px',
      read: ({ at }) => words.at(at, zoneNow()),
      // Ascending by default: the latest comes first.
      sortBy: ({ seq }) => -seq,
    },
    { id: 'actor', header: words.person, width: 'minmax(120px, 1fr)', read: actorOf },
    {
      id: 'action',
      header: words.action,
      width: 'minmax(160px, 1.4fr)',
      read: ({ chain, action }) => words.actionName(chain, action),
    },
    {
      id: 'about',
      header: words.about,
      width: 'minmax(140px, 1.4fr)',
      read: (entry) => aboutOf(entry, names),
    },
    { id: 'seq', header: words.number, width: '90px', read: ({ seq }) => seq },
  ];
}

/** The cases, the person or the record that an entry is about, or what it names first. */
function aboutOf(entry: Entry, names: ReadonlyMap<string, string>): string {
  const numbers = casesIn(entry).flatMap(({ number }) => number ?? []);
  if (numbers.length > 0) return words.cases(numbers);
  const { user, person, date, reason, address, file, ...others } = entry.detail;
  const id = typeof user === 'string' ? user : typeof person === 'string' ? person : undefined;
  const name = id === undefined ? undefined : names.get(id);
  const texts = [name, ...Object.values(others).map(nameOfRecord), date, reason, address, file];
  return texts.find((each) => typeof each === 'string') ?? '';
}

/** The name of a resource, procedure, holiday or site, the reason of a closure, or the service of a block. */
function nameOfRecord(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, reason, plan } = value as Record<string, unknown>;
  return name ?? reason ?? (plan as { service?: unknown } | undefined)?.service;
}

function EntryPanel({
  entry,
  names,
  onlyCase,
}: {
  entry: Entry;
  names: ReadonlyMap<string, string>;
  onlyCase: (caseId: string) => void;
}) {
  const { seq, at, chain, action, detail } = entry;
  const shown = Object.entries(detail).filter(([, value]) => !isEmpty(value));
  return (
    <FactsPanel
      title={words.title(seq)}
      facts={[
        [words.time, words.at(at, zoneNow())],
        [words.person, actorOf(entry)],
        [words.action, words.actionName(chain, action)],
        ...shown.map(
          ([field, value]) => [words.field(field), <Value key={field} of={value} names={names} />] as const,
        ),
      ]}
    >
      {casesIn(entry).map(({ id, number }) => (
        <Button
          key={id}
          size="compact-sm"
          variant="default"
          style={{ alignSelf: 'start' }}
          onClick={() => onlyCase(id)}
        >
          {words.onlyCase(number)}
        </Button>
      ))}
    </FactsPanel>
  );
}

const isEmpty = (value: unknown) =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

/** A value as it is recorded; a person by name. */
function Value({ of: value, names }: { of: unknown; names: ReadonlyMap<string, string> }) {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return <pre className={styles.value}>{JSON.stringify(value, null, 1)}</pre>;
}
