import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { shell } from '../../shell/shell.ts';
import { Entrance } from '../../ui/entrance.tsx';
import { Notice } from '../../ui/notice.tsx';
import { entryWords as words } from '../../words/entry.ts';

/** Asks once where the server is, and tests it before it is believed. */
export function FirstRun({ address: before = '' }: { address?: string }) {
  const [address, setAddress] = useState(before);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function test(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const typed = address.trim();
    const trial = await shell.tryServer(/^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`);
    setBusy(false);
    if (trial.result === 'ok') await shell.useServer(trial.address);
    else setProblem(words.trial[trial.why]);
  }

  return (
    <Entrance title={words.firstRun}>
      <form onSubmit={(event) => void test(event)} style={{ display: 'grid', gap: 14 }}>
        {problem && <Notice>{problem}</Notice>}
        <TextInput
          label={words.address}
          description={words.firstRunHelp}
          placeholder={words.addressExample}
          required
          withAsterisk={false}
          autoFocus
          spellCheck={false}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Button type="submit" loading={isBusy} fullWidth>
          {isBusy ? words.testing : words.test}
        </Button>
      </form>
    </Entrance>
  );
}
