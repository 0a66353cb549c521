import { Button } from '@mantine/core';
import { useState } from 'react';
import { shell } from '../../shell/shell.ts';
import { eraseRefused, keepRefused, unsentOf } from '../../stores/desk-entry.ts';
import type { RefusedDesk } from '../../stores/desk-entry.ts';
import { Callout } from '../../ui/callout.tsx';
import { Entrance } from '../../ui/entrance.tsx';
import { deskWords as words } from '../../words/desk.ts';
import { dayAndTimeOf } from '../../words/time.ts';
import styles from './desk.module.css';

/** The unsent requests of a desk from which the server accepts nothing any more. The person confirms them before they are deleted. */
export function Unsent({ refused: { why, desk, zone } }: { refused: RefusedDesk }) {
  const [problem, setProblem] = useState<string | null>(null);
  const unsent = unsentOf(desk);
  const erase = () =>
    eraseRefused().catch((error: unknown) => setProblem(error instanceof Error ? error.message : ''));
  return (
    <Entrance title={words.unsent} footer={`${desk.name} · ${desk.siteName}`}>
      <p style={{ margin: 0 }}>{words.refused[why](desk.siteName)}</p>
      {unsent.length === 0 ? (
        <p style={{ margin: 0 }}>{words.nothingUnsent}</p>
      ) : (
        <table className={styles.list}>
          <thead>
            <tr>
              <th scope="col">{words.madeAt}</th>
              <th scope="col">{words.request}</th>
            </tr>
          </thead>
          <tbody>
            {unsent.map(({ request: { id, madeAt, title } }) => (
              <tr key={id}>
                <td>{dayAndTimeOf(madeAt, zone)}</td>
                <td>{title}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {problem !== null && <Callout>{problem}</Callout>}
      <div className={styles.actions}>
        <p style={{ margin: 0 }}>{words.unsentHelp(desk.name)}</p>
        <Button variant="default" autoFocus onClick={() => void shell.print()}>
          {words.print}
        </Button>
        <Button color="red" onClick={() => void erase()}>
          {words.seen}
        </Button>
        <Button variant="default" onClick={() => void keepRefused()}>
          {words.keep}
        </Button>
      </div>
    </Entrance>
  );
}
