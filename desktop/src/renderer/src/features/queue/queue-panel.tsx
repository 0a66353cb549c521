import { Button, Drawer, UnstyledButton } from '@mantine/core';
import type { Requested } from '@slate/shared/queue';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { choicesFor, fittingNow, markSeen, retryAllThatFit } from '../../commands/decide.ts';
import type { Choice } from '../../commands/decide.ts';
import { isDesktop } from '../../shell/shell.ts';
import { boardStore } from '../../stores/board.ts';
import { useNow } from '../../stores/clock.ts';
import { connectionStore, isCutOff } from '../../stores/connection.ts';
import { deskStore } from '../../stores/desk.ts';
import { closeDialog } from '../../stores/dialogs.ts';
import { countOpen, needsDecision, queueNow, queueStore, requestNow } from '../../stores/queue.ts';
import { zoneNow } from '../../stores/view.ts';
import { Callout } from '../../ui/callout.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { queuePanelWords as words } from '../../words/queue-panel.ts';
import { dayAndTimeOf, hoursShort } from '../../words/time.ts';
import styles from './queue-panel.module.css';

/** The number of requests that are drawn at first; a button shows more. */
const perPage = 200;
/** A key this soon after the selected request was settled was probably meant for that one. */
const unarmedMs = 350;

/** The requests of the open desk, oldest first, each with the choices that the person has. */
export function QueuePanel() {
  const open = useStore(queueStore, ({ queue }) => queue.open());
  // However the panel closes, the person has seen the done requests.
  useEffect(() => () => void markSeen(), []);
  return (
    <Drawer
      opened
      onClose={closeDialog}
      position="right"
      size={480}
      title={words.title}
      overlayProps={{ backgroundOpacity: 0.15 }}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <div className={styles.panel}>
        <Notices />
        {open.length === 0 ? (
          <Empty />
        ) : (
          <>
            <Summary open={open} />
            <Requests open={open} />
          </>
        )}
        {open.some(({ state }) => state !== 'done') && <SignOutNote />}
      </div>
    </Drawer>
  );
}

/** Why requests are not sent, and what is wrong with the log. */
function Notices() {
  const trouble = useStore(queueStore, (state) => state.trouble);
  const desk = useStore(deskStore, (state) => state.desk);
  const isOffline = useStore(connectionStore, isCutOff);
  return (
    <>
      {desk?.damage?.kind === 'cut' && <Callout>{words.damage.cut}</Callout>}
      {desk?.damage?.kind === 'broken' && (
        <Callout>{words.damage.broken(desk.damage.intact, isDesktop)}</Callout>
      )}
      {trouble && <Callout>{words.trouble[trouble]}</Callout>}
      {isOffline && <Callout kind="info">{words.offline}</Callout>}
      {!desk && <Callout>{words.unsaved}</Callout>}
    </>
  );
}

/** Takes the focus when the last request leaves. */
function Empty() {
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => text.current?.focus(), []);
  return (
    <p ref={text} tabIndex={-1} data-autofocus className={styles.empty}>
      {words.empty}
    </p>
  );
}

function SignOutNote() {
  const hasDesk = useStore(deskStore, (state) => state.desk !== null);
  return hasDesk && <p className={styles.note}>{words.staying}</p>;
}

function Summary({ open }: { open: readonly Requested[] }) {
  const view = useStore(boardStore, (state) => state.view);
  /** The number of requests being sent again. Until all of them are in the queue, they are not judged again. */
  const [sending, setSending] = useState(0);
  const fitting = useMemo(
    () => (sending > 0 ? sending : view && open.length > 0 ? fittingNow().length : 0),
    [view, open, sending],
  );
  const counts = words.counts(countOpen(queueNow()));
  return (
    <div className={styles.summary}>
      <p role="status">{counts}</p>
      {fitting > 0 && (
        <Button
          size="xs"
          variant="default"
          disabled={sending > 0}
          title={words.retryAllDoes}
          onClick={() => {
            setSending(fitting);
            void retryAllThatFit().finally(() => setSending(0));
          }}
        >
          {words.retryAll(fitting)}
        </Button>
      )}
    </div>
  );
}

const idOf = ({ request }: Requested) => request.id;

function Requests({ open }: { open: readonly Requested[] }) {
  const list = useRef<HTMLOListElement>(null);
  const [selectedId, setSelectedId] = useState(() => (open.find(needsDecision) ?? open[0])?.request.id);
  const [shown, setShown] = useState(perPage);
  const index = open.findIndex((each) => idOf(each) === selectedId);
  const lastIndex = useRef(Math.max(0, index));
  const unarmedUntil = useRef(0);
  /** The requests that are being settled: pressing twice settles once. */
  const deciding = useRef(new Set<string>());

  const focusSelected = () => list.current?.querySelector<HTMLElement>('[aria-expanded="true"]')?.focus();
  // When the panel opens, and when the selection moves.
  useEffect(focusSelected, [selectedId]);
  // The selected request was settled: the next one that needs the person takes its place.
  useEffect(() => {
    if (index >= 0) {
      lastIndex.current = index;
      return;
    }
    const at = Math.min(lastIndex.current, open.length - 1);
    const next = open.slice(at).find(needsDecision) ?? open.find(needsDecision) ?? open[at];
    setSelectedId(next?.request.id);
    unarmedUntil.current = performance.now() + unarmedMs;
  }, [index, open]);

  const decide = async (id: string, choice: Choice | undefined) => {
    if (!choice || deciding.current.has(id)) return;
    deciding.current.add(id);
    await choice.run().finally(() => deciding.current.delete(id));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: open.length - 1 }[event.key];
    const selected = open[index];
    if (to !== undefined) {
      const target = Math.min(open.length - 1, Math.max(0, to));
      setShown((count) => Math.max(count, target + 1));
      setSelectedId(open[target]?.request.id);
    } else if (/^[1-9]$/.test(event.key) && selected) {
      const choice = choicesFor(selected)[Number(event.key) - 1];
      if (performance.now() >= unarmedUntil.current) void decide(idOf(selected), choice);
    } else return;
    event.preventDefault();
  };
  return (
    <>
      <ol ref={list} className={styles.list} aria-label={words.list} onKeyDown={onKeyDown}>
        {open.slice(0, shown).map((each) => (
          <Entry
            key={idOf(each)}
            requested={each}
            isSelected={idOf(each) === selectedId}
            select={() => setSelectedId(idOf(each))}
            decide={(choice) => void decide(idOf(each), choice)}
          />
        ))}
      </ol>
      {open.length > shown && (
        <Button size="xs" variant="default" onClick={() => setShown(shown + perPage)}>
          {words.more(Math.min(perPage, open.length - shown))}
        </Button>
      )}
    </>
  );
}

type EntryProps = {
  requested: Requested;
  isSelected: boolean;
  select: () => void;
  decide: (choice: Choice) => void;
};

function Entry({ requested, isSelected, select, decide }: EntryProps) {
  const { request, state } = requested;
  const now = useNow(60_000);
  const minutes = Math.max(0, Math.floor((now - Date.parse(request.madeAt)) / 60_000));
  const { glyph, name } = words.states[state];
  const choices = isSelected ? choicesFor(requested) : [];
  return (
    <li className={styles.entry} data-state={state}>
      <UnstyledButton
        className={styles.head}
        aria-expanded={isSelected}
        tabIndex={isSelected ? 0 : -1}
        data-autofocus={isSelected || undefined}
        onClick={select}
      >
        <span className={styles.state}>
          <span aria-hidden="true">{glyph}</span> {name}
        </span>
        <b>{request.title}</b>
        <span className={styles.age}>
          {words.requested(
            dayAndTimeOf(request.madeAt, zoneNow()),
            minutes === 0 ? null : hoursShort(minutes),
          )}
        </span>
        {reasonsOf(requested).map((line) => (
          <span key={line} className={styles.reason}>
            {line}
          </span>
        ))}
      </UnstyledButton>
      {choices.length > 0 && (
        <ul className={styles.choices} aria-label={words.decisions(request.title)}>
          {choices.map((choice, at) => (
            <li key={`${choice.kind} ${choice.label}`}>
              <UnstyledButton
                className={styles.choice}
                aria-keyshortcuts={String(at + 1)}
                onClick={() => decide(choice)}
              >
                <Kbd isHidden>{at + 1}</Kbd>
                <b>{choice.label}</b> <span>{choice.does}</span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** Returns the reasons why a request is not done. */
function reasonsOf({ result, closed, state, waitsFor, blockedBy }: Requested): string[] {
  if (closed !== null || state === 'done') return [];
  const titleOf = (id: string) => requestNow(id)?.request.title;
  const lines = (ids: readonly string[], say: (title: string) => string) =>
    ids.flatMap((id) => titleOf(id) ?? []).map(say);
  if (result?.kind === 'refused') return [result.problem.detail];
  if (result?.kind === 'expired') return [words.expired[result.why]];
  return state === 'blocked' ? lines(blockedBy, words.blockedBy) : lines(waitsFor, words.waitsFor);
}
