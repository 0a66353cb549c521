import { Anchor, Button, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { shell } from '../../shell/shell.ts';
import { Entrance } from '../../ui/entrance.tsx';
import { entryWords as words } from '../../words/entry.ts';
import styles from '../sign-in/sign-in.module.css';

/** The longest address that the bridge accepts. */
const longest = 300;

/** Asks for the server's address and tests it before saving. `stay` is set if there already is a server. */
export function FirstRun({ address: before = '', stay }: { address?: string; stay?: () => void }) {
  const [address, setAddress] = useState(before);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  async function find(): Promise<string | null> {
    const trial = await shell.tryServer(address.trim());
    if (trial.result === 'failed') return words.trial[trial.why];
    if (trial.result === 'other_version') return words.otherVersion(trial.console, trial.server);
    try {
      await shell.useServer(trial.address);
      return null;
    } catch {
      return words.notKept;
    }
  }

  async function test(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const found = await find();
    setBusy(false);
    setProblem(found);
    if (found !== null) field.current?.focus();
  }

  return (
    <Entrance title={words.firstRun}>
      <form className={styles.form} onSubmit={(event) => void test(event)}>
        <TextInput
          ref={field}
          label={words.address}
          description={words.firstRunHelp}
          placeholder={words.addressExample}
          required
          withAsterisk={false}
          autoFocus
          spellCheck={false}
          maxLength={longest}
          value={address}
          error={problem === null ? undefined : <span role="alert">{problem}</span>}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Button type="submit" loading={isBusy} fullWidth>
          {isBusy ? words.testing : words.test}
        </Button>
      </form>
      {stay && (
        <div className={styles.ways}>
          <Anchor component="button" type="button" onClick={stay}>
            {words.keepServer(before)}
          </Anchor>
        </div>
      )}
    </Entrance>
  );
}
