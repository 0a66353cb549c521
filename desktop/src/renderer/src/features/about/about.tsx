import { Button, Group, Modal, Stack, Table } from '@mantine/core';
import { protocols } from '@slate/shared/protocol';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { readServerVersion, serverUrl } from '../../api/client.ts';
import { isDesktop, shell } from '../../shell/shell.ts';
import type { ProgramFacts } from '../../shell/shell.ts';
import { closeDialog, dialogStore } from '../../stores/dialogs.ts';
import { emailNow, sessionStore } from '../../stores/session.ts';
import { Callout } from '../../ui/callout.tsx';
import { ReturnFocus } from '../../ui/return-focus.tsx';
import { aboutWords as words } from '../../words/about.ts';
import { WaitingHere } from '../desk/waiting-here.tsx';
import { UpdateFacts } from '../update/update-facts.tsx';
import styles from './about.module.css';

/** About opens over every screen, also without a server and before sign-in. */
export function AboutDialog() {
  const { dialog, serial } = useStore(dialogStore);
  if (dialog?.kind !== 'about') return null;
  return (
    <ReturnFocus key={serial}>
      <About />
    </ReturnFocus>
  );
}

type Fact = readonly [label: string, value: string];

/** The facts the IT desk asks for. Only the version of the server comes from the network. */
function About() {
  const email = useStore(sessionStore, emailNow);
  const site = useStore(sessionStore, (session) => (session.status === 'signed_in' ? session.site : null));
  const [program, setProgram] = useState<ProgramFacts | null>(null);
  const [serverVersion, setServerVersion] = useState(words.askingServer);
  useEffect(() => {
    void shell.facts().then(setProgram);
    void readServerVersion().then((version) => setServerVersion(version ?? words.serverUnknown));
  }, []);
  if (!program) return null;

  const { labels } = words;
  const server = serverUrl();
  const facts: Fact[] = [
    [labels.version, program.version],
    [labels.build, words.builds[program.build]],
    [labels.protocol, words.protocol(protocols)],
    ...(program.electron === null ? [] : [[labels.electron, program.electron] as const]),
    [labels.system, program.system],
    [labels.server, server === '' ? words.noServer : server],
    ...(server === '' ? [] : [[labels.serverVersion, serverVersion] as const]),
    ...(site === null ? [] : [[labels.site, words.site(site.name, site.id)] as const]),
  ];
  return (
    <Modal
      opened
      size="lg"
      onClose={closeDialog}
      title={words.title}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <Stack gap="sm">
        {program.build === 'test' && <Callout>{words.testBuild}</Callout>}
        <dl className={styles.facts}>
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <Policy policy={program.policy} />
        <UpdateFacts />
        <WaitingHere except={email} />
        <Buttons text={textOf(facts, program.policy)} />
      </Stack>
    </Modal>
  );
}

type PolicyFacts = ProgramFacts['policy'];

const introduction = ({ source, settings }: PolicyFacts): string[] =>
  source === null
    ? [isDesktop ? words.noPolicy : words.noPolicyHere]
    : [words.policySource(source), ...(settings.length === 0 ? [words.nothingSet] : [])];

const stateOf = ({ isLocked }: PolicyFacts['settings'][number]) =>
  isLocked ? words.locked : words.recommended;

function Policy({ policy }: { policy: PolicyFacts }) {
  const { settings, refused } = policy;
  return (
    <section aria-labelledby="about-policy" className={styles.policy}>
      <h3 id="about-policy">{words.policy}</h3>
      {introduction(policy).map((line) => (
        <p key={line}>{line}</p>
      ))}
      {settings.length > 0 && (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.setting}</Table.Th>
              <Table.Th>{words.value}</Table.Th>
              <Table.Th>{words.state}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {settings.map((setting) => (
              <Table.Tr key={setting.name}>
                <Table.Td>{setting.title}</Table.Td>
                <Table.Td className={styles.value}>{setting.value}</Table.Td>
                <Table.Td>{stateOf(setting)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {refused.length > 0 && (
        <>
          <h3>{words.refused}</h3>
          <ul>
            {refused.map(({ name, why }, at) => (
              <li key={`${at} ${name}`}>{words.refusal(name, why)}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** The text of the screen, for a message to the IT desk. It names no person. */
function textOf(facts: readonly Fact[], policy: PolicyFacts): string {
  return [
    ...facts.map(([label, value]) => `${label}: ${value}`),
    '',
    words.policy,
    ...introduction(policy),
    ...policy.settings.map((setting) => `${setting.title}: ${setting.value} (${stateOf(setting)})`),
    ...(policy.refused.length === 0 ? [] : ['', words.refused]),
    ...policy.refused.map(({ name, why }) => words.refusal(name, why)),
    '',
  ].join('\n');
}

function Buttons({ text }: { text: string }) {
  const [message, setMessage] = useState('');
  const copy = () =>
    shell.copyText(text).then(
      () => setMessage(words.copied),
      () => setMessage(words.notCopied),
    );
  return (
    <Group>
      <Button variant="default" onClick={() => void copy()}>
        {words.copy}
      </Button>
      {isDesktop && (
        <Button variant="default" onClick={() => void shell.showLog()}>
          {words.showLog}
        </Button>
      )}
      <span role="status">{message}</span>
    </Group>
  );
}
