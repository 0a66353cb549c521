import { Button, NativeSelect, Switch } from '@mantine/core';
import type { ImportFile } from '@slate/shared/contract/imports';
import { columnsOf } from '@slate/shared/lists/columns';
import type { Mapping } from '@slate/shared/lists/columns';
import { useState } from 'react';
import { useChanging } from '../../../forms/use-changing.ts';
import { importWords as words } from '../../../words/imports.ts';
import styles from './imports.module.css';

const shownValues = 3;

/** The meaning of each column of a file: as proposed, until the person changes it. */
export function Columns({
  file,
  check,
}: {
  file: ImportFile;
  check: (mapping: Mapping, toDepot: boolean) => Promise<void>;
}) {
  const [mapping, setMapping] = useState<Mapping>(file.mapping);
  const [toDepot, setToDepot] = useState(file.toDepot);
  const { changing } = useChanging();
  const columns = columnsOf(file.kind).filter(({ column }) => !column.isExportOnly);
  const missing = columns
    .filter(({ id, column }) => column.isNeeded && id !== 'externalId' && !mapping.includes(id))
    .map(({ column }) => column.heading);
  const hasId = mapping.includes('externalId');
  const headingOf = (index: number) => file.headings[index] || words.noHeading(index + 1);
  // A column of the list is used once: the last choice counts.
  const choose = (index: number, id: string) =>
    setMapping(mapping.map((each, at) => (at === index ? id || null : each === id ? null : each)));

  return (
    <>
      <h3>{words.columns}</h3>
      <p className={styles.help}>{words.columnsHelp(file.lines)}</p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{words.heading}</th>
            <th scope="col">{words.sample}</th>
            <th scope="col">{words.becomes}</th>
          </tr>
        </thead>
        <tbody>
          {mapping.map((id, index) => (
            // The columns of a file have no other identity.
            <tr key={`${index} ${headingOf(index)}`}>
              <th scope="row">{headingOf(index)}</th>
              <td className={styles.sample}>
                {file.sample
                  .flatMap((cells) => cells[index] || [])
                  .slice(0, shownValues)
                  .join(' · ')}
              </td>
              <td>
                <NativeSelect
                  size="xs"
                  aria-label={words.columnOf(headingOf(index))}
                  value={id ?? ''}
                  onChange={({ currentTarget }) => choose(index, currentTarget.value)}
                  data={[
                    { value: '', label: words.notImported },
                    ...columns.map((each) => ({ value: each.id, label: each.column.heading })),
                  ]}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {file.kind === 'cases' && (
        <Switch
          mt="sm"
          size="xs"
          label={words.toDepot}
          description={words.toDepotHelp}
          checked={toDepot}
          onChange={({ currentTarget }) => setToDepot(currentTarget.checked)}
        />
      )}
      {!hasId && <p role="status">{words.needId}</p>}
      {hasId && missing.length > 0 && <p className={styles.help}>{words.needs(missing)}</p>}
      <div className={styles.actions}>
        <Button size="xs" disabled={!hasId} {...changing(() => void check(mapping, toDepot))}>
          {words.check(file.lines)}
        </Button>
      </div>
    </>
  );
}
