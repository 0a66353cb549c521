import { entryWords } from './entry.ts';

const { server, refused, passwordHint, email, name } = entryWords;

/** The set-up of a new installation. */
export const setUpWords = {
  server,
  refused,
  passwordHint,
  title: 'Set up Slate',
  help: {
    person: 'Step 1 of 2: You become the first administrator, who can let others in.',
    site: 'Step 2 of 2: Your hospital. Then you choose how to begin.',
  },
  label: {
    name,
    email,
    password: 'Choose a password',
    siteName: 'Name of the hospital',
    timeZone: 'Time zone',
  },
  noZone: 'No matches. Type a city, for example New York.',
  next: { person: 'Continue', site: 'Create hospital' },
  back: 'Back',
  signIn: 'Sign in instead',
  noReply:
    'No reply from the server. What you typed is still here. Check the network cable or Wi-Fi, then try again. Nothing will be created twice.',
};
