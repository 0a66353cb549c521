import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { dialogStore } from '../../stores/dialogs.ts';
import type { Dialog } from '../../stores/dialogs.ts';
import { KeySheet } from '../keys/sheet.tsx';
import { EditForm } from '../case-form/edit-form.tsx';
import { HoldForm } from '../case-form/hold-form.tsx';
import { Question, Reason } from '../questions/question.tsx';
import { ReturnFocus } from '../../ui/return-focus.tsx';
import { QueuePanel } from '../queue/queue-panel.tsx';
import { Refusal } from '../refusal/refusal.tsx';
import { Openings } from '../openings/openings.tsx';
import { Preferences } from '../preferences/preferences.tsx';
import { peopleWords } from '../../words/administration.ts';
import { invitationWords } from '../../words/invitations.ts';
import { ShownOnce } from '../administration/people/shown-once.tsx';
import { ChangePassword } from '../sign-in/change-password.tsx';

type Kind = Dialog['kind'];
type Renderers = { [K in Kind]?: (dialog: Extract<Dialog, { kind: K }>) => ReactNode };

const renderers: Renderers = {
  hold: ({ caseId }) => <HoldForm caseId={caseId} />,
  edit: ({ caseId }) => <EditForm caseId={caseId} />,
  reason: (dialog) => <Reason dialog={dialog} />,
  question: (dialog) => <Question dialog={dialog} />,
  refusal: (dialog) => <Refusal dialog={dialog} />,
  queue: () => <QueuePanel />,
  keys: () => <KeySheet />,
  openings: ({ caseId, criteria }) => <Openings caseId={caseId} initial={criteria} />,
  preferences: () => <Preferences />,
  password: () => <ChangePassword />,
  temporary_password: ({ name, password }) => (
    <ShownOnce
      title={peopleWords.temporary(name)}
      secret={password}
      help={peopleWords.temporaryHelp}
      lost={peopleWords.temporaryLost}
    />
  ),
  invitation_link: ({ email, link }) => (
    <ShownOnce
      title={invitationWords.link(email)}
      secret={link}
      help={invitationWords.linkHelp}
      lost={invitationWords.linkLost}
    />
  ),
};

/** The dialog over the board, one at a time. Each closes itself. */
export function Dialogs() {
  const { dialog, serial } = useStore(dialogStore);
  if (!dialog) return null;
  const render = renderers[dialog.kind] as ((dialog: Dialog) => ReactNode) | undefined;
  return <ReturnFocus key={serial}>{render?.(dialog)}</ReturnFocus>;
}
