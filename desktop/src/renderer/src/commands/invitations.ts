import type { CreateInvitation, Invitation } from '@slate/shared/contract/invitations';
import type { Problem } from '@slate/shared/errors';
import { serverUrl } from '../api/client.ts';
import { reloadRecords } from '../stores/administration.ts';
import { openDialog } from '../stores/dialogs.ts';
import { invitationWords as words } from '../words/invitations.ts';
import type { Saving } from './administration.ts';
import { finalStep, toastDone } from './outcome-toasts.ts';
import { send } from './send.ts';

/** Invites a person, and shows the link once. */
export async function invite(body: CreateInvitation, saving: Saving): Promise<void> {
  const { email } = body;
  await send<'createInvitation'>({
    command: 'createInvitation',
    title: words.titles.invite(email),
    item: null,
    content: body,
    input: () => ({ body }),
    undo: ({ invitation }) => finalStep(invitation.id, words.cannotUndo.invite),
    done: ({ secret }, undo) => {
      toastDone(words.done.invite(email), undo);
      saving.saved();
      openDialog({ kind: 'invitation_link', email, link: `${serverUrl()}/#/invitation/${secret}` });
    },
    remedies: { showAtFields: saving.showAtFields, refused: saving.refused },
  });
  reloadRecords();
}

/** Revokes an invitation: its link no longer works. */
export async function revokeInvitation(
  { id, email }: Invitation,
  refused: (problem: Problem) => boolean,
): Promise<void> {
  await send<'revokeInvitation'>({
    command: 'revokeInvitation',
    title: words.titles.revoke(email),
    item: null,
    input: () => ({ params: { invitation: id } }),
    undo: () => finalStep(id, words.cannotUndo.revoke),
    done: (_, undo) => toastDone(words.done.revoke(email), undo),
    remedies: { refused },
  });
  reloadRecords();
}
