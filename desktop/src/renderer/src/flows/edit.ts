import type { Case } from '@slate/shared/cases';
import type { AddToDepot } from '@slate/shared/commands';
import { caseNow } from '../stores/board.ts';
import { command, on } from '../stores/commands.ts';
import { isSameAs, versionOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { nameOfHold, needsOf } from './hold.ts';
import { perform, withReason } from './perform.ts';
import { tellDone, wayBack } from './tell.ts';

const { deed, undo: backWords } = wordsOfOutcome;

/** What a case is and needs: only what changes is said. */
export const changeDetails = (item: Case, details: AddToDepot, overrideReason?: string): Promise<void> =>
  perform(
    {
      title: deed.change(nameOfHold(item)),
      item,
      send: (reason) => sendChange(item, item.version, details, reason),
      done: ({ case: after }) =>
        tellDone(wordsOfOutcome.changed(nameOfHold(after)), changingBack(item, after)),
      remedies: { again: () => void changeDetails(caseNow(item.id) ?? item, details, overrideReason) },
    },
    overrideReason,
  );

const sendChange = (item: Case, version: number, details: AddToDepot, reason: string | undefined) =>
  command(
    'changeCase',
    { ...on(item), body: { version, ...details, ...withReason(reason) } },
    { title: details.title ?? item.title },
  );

/** All of what it was: another procedure would otherwise bring its own length and equipment back with it. */
const changingBack = (before: Case, after: Case) => {
  const label = backWords.changed(nameOfHold(before));
  return wayBack(label, [before.id], () => ({
    title: label,
    item: after,
    send: (reason) => sendChange(before, versionOf(after), needsOf(before), reason),
    done: ({ case: now }) => isSameAs(before, now),
    overrideReason: before.overrideReason ?? undefined,
  }));
};
