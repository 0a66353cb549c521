import { entryWords } from './entry.ts';

/** The page of invitations. */
export const invitationWords = {
  new: 'New invitation',
  email: 'Email',
  emailHelp: 'Slate sends no mail. You pass the link on.',
  role: 'Role',
  expires: 'Works until',
  by: 'Invited by',
  created: 'Invited',
  empty: 'No invitations are open. An invitation leaves this list when it is used.',
  failed: 'The invitations couldn’t be loaded',
  expired: 'Expired',
  isExpired: 'It has expired. Invite the person again.',
  title: (email: string) => `Invitation of ${email}`,
  revoke: 'Revoke…',
  revokeNow: 'Revoke the invitation',
  confirm: (email: string) => `The link for ${email} stops working. You can invite the person again.`,
  titles: {
    invite: (email: string) => `Invite ${email}`,
    revoke: (email: string) => `Revoke the invitation of ${email}`,
  },
  done: {
    invite: (email: string) => `Invited ${email}`,
    revoke: (email: string) => `Revoked the invitation of ${email}`,
  },
  cannotUndo: {
    invite: 'An invitation can’t be undone here. Revoke it in the list.',
    revoke: 'Revoking can’t be undone. Invite the person again.',
  },
  link: (email: string) => `Link for ${email}`,
  linkHelp:
    'Pass it on in private: the first person who opens it gets the account. It works once, within 7 days, and is shown only now.',
  linkLost: 'If it gets lost, revoke the invitation and make a new one.',
};

const { server, refused, passwordHint, name, noAnswer } = entryWords;

/** The page that an invitation opens. */
export const acceptWords = {
  server,
  refused,
  passwordHint,
  name,
  title: 'Welcome to Slate',
  loading: 'Opening the invitation…',
  help: (site: string, email: string) => `You were invited to ${site} as ${email}.`,
  hasAccount: 'If you have a Slate account with this address already, enter its password.',
  password: 'Choose a password',
  accept: 'Accept and sign in',
  signIn: 'Sign in instead',
  wrongPassword: 'This address has an account already. Enter the password of that account.',
  noReply: noAnswer(null),
  tryAgain: 'Try again',
};
