import type { Problem } from '@slate/shared/errors';

const tooOften = (seconds: number) =>
  `Too many attempts. To protect your account, wait ${seconds < 90 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`}, then try again.`;

/** The screens before the board. These sentences must not name a patient. */
export const entryWords = {
  server: (address: string) => `Server: ${address}`,

  signIn: 'Sign in',
  email: 'Email',
  password: 'Password',
  capsLock: 'Caps Lock is on.',
  showTyped: 'Show password',
  people: 'Recent users',
  someoneElse: 'Switch user',
  askForAccount: 'Request an account',
  backToSignIn: 'Back to sign-in',
  needsSetUp:
    'This server has no hospital yet. Open the set-up link from its log, or from the file that SLATE_SET_UP_FILE names. The link works for 24 hours; a restart of the server makes a new one.',

  name: 'Your name, as others will see it',
  newPassword: 'Choose a password',
  passwordHint:
    'At least 12 characters. A long phrase you can remember is better than a short, complicated password.',
  sendRequest: 'Send request',
  requested:
    'Your request was sent. Your administrator has to approve it and will give you a temporary password. Sign in with it, then choose your own.',

  ended: {
    revoked:
      'You were signed out. An administrator or a password change ended your session, it was used on another computer, or this console was idle too long. Sign in again. If that fails, ask your administrator.',
    idle: 'Slate was closed for longer than the lock time, so you were signed out. Sign in again.',
    copied:
      'This tab is a copy of one where you’re still signed in. Sign in here too, or close this tab and use the other one.',
    no_site:
      'You don’t have a role at any site, so there’s no board to show. Ask your administrator for a role, then sign in again.',
    other_site:
      'This workstation belongs to a site where you don’t have a role. Use a workstation of your site, or ask your administrator for a role here.',
    wall_workstation:
      'This workstation is set up as a wall board, which stays signed in where anyone can see it. Sign in with a wall-board account.',
    wall_only:
      'This address is for wall boards, which stay signed in where anyone can see them. Sign in with a wall-board account, or open Slate without #/wall at the end of the address.',
  },
  /** `why` says why the server is out of reach, if it is known. */
  noAnswer: (why: string | null) =>
    why === null
      ? 'No reply from the server, so you couldn’t sign in. Check the network cable or Wi-Fi, then try again.'
      : `You couldn’t sign in. ${why}`,
  keepsTrying: 'Slate keeps trying with this password.',
  /** On a screen that asks for the password. `canUnlock`: this desk lets this person in. */
  outOfReach: (why: string, canUnlock: boolean) =>
    canUnlock
      ? `${why} Your password still opens this desk, with the last board.`
      : `${why} You can sign in when the server answers.`,
  noAnswerToRequest:
    'No reply from the server. Your request may not have been sent. Check the network cable or Wi-Fi, then send it again. It won’t be counted twice.',
  refused: ({ code, retryAfter = 60, detail, errors }: Problem) =>
    code === 'rate_limited' ? tooOften(retryAfter) : (errors?.[0]?.reason ?? detail),

  temporary: 'An administrator gave you this password, and it works only once. Choose your own to continue.',
  keepPassword: 'Save password and sign in',
  changePasswordHelp:
    'This ends all your other sessions. Anyone else who knows your current password is signed out.',
  presentPassword: 'Current password',
  wrongPassword: 'That isn’t your current password. Type it again.',
  passwordUnknown:
    'No reply from the server. Your password may or may not have changed. Check the network, then sign in. Try the new password first, then the old one.',
  passwordChanged: 'Password changed; your other sessions have ended',

  locked: 'Locked',
  lockedBy: (name: string) => `${name} is signed in here. Enter your password to pick up where you left off.`,
  unlock: 'Unlock',
  wrongUnlock: 'Wrong password.',
  lockingSoon:
    'No one has used Slate for a while, so it’s about to lock. Press a key or move the mouse to stay.',
  lockingOffline: 'Can’t reach the server. If Slate locks, no one can unlock it until the server answers.',
  lockingIn: (seconds: number) => `${seconds} s`,

  starting: 'Connecting to the server…',
  unreachable: (why: string | null) =>
    why === null
      ? 'No reply from the server. Slate keeps trying. Check the network cable or Wi-Fi. If other programs work, call your IT desk.'
      : `${why} Slate keeps trying.`,
  tryNow: 'Try now',
  changeServer: 'Use another server',
  serverLocked: 'Your IT department has set the server of this workstation.',
  keepServer: (address: string) => `Keep using ${address}`,

  firstRun: 'Where is your Slate server?',
  firstRunHelp: 'Your IT desk knows the address. You only enter it once on this workstation.',
  address: 'Server address',
  addressExample: 'https://slate.example.org',
  test: 'Connect',
  testing: 'Looking for the server…',
  trial: {
    not_an_address: 'This isn’t a valid address. Enter it like https://slate.example.org.',
    insecure:
      'This address starts with http://, so others on the network could read what you send. Use the https:// address of the server.',
    no_network: 'This computer has no network. Check the cable or Wi-Fi, then try again.',
    unreachable: 'This network has no route to that computer. Check the network, or ask your IT desk.',
    proxy: 'The proxy of this network doesn’t let Slate through. Ask your IT desk.',
    unknown_host:
      'No computer with that name was found. Check the spelling, and make sure you’re on the hospital network.',
    refused:
      'The computer is there, but Slate isn’t answering at that address. Check the port, or ask your IT desk whether Slate is running.',
    timeout: 'No reply within 5 seconds. Check the address and the network, then try again.',
    certificate:
      'This computer doesn’t trust the server’s certificate, so the connection isn’t safe. Ask your IT desk to install it. Don’t use another address instead.',
    certificate_date:
      'The server’s certificate has expired, or this computer’s clock is wrong, so the connection isn’t safe. Check the date and time, or ask your IT desk.',
    not_encrypted:
      'The server answers, but not over https://. Check the port in the address, or ask your IT desk.',
    client_certificate:
      'The server requires a certificate that proves who you are. Ask your IT desk to set up this server on this computer.',
    bad_gateway:
      'A proxy answers there, but the Slate server behind it doesn’t. Ask your IT desk whether Slate is running.',
    declined: 'Slate didn’t connect to it. You’re still using your current server.',
    other: 'Something answers there, but it isn’t Slate. Check the address with your IT desk.',
  },
  otherVersion: (console: number, server: number) =>
    `This console uses protocol version ${console} and the server uses ${server}, so they can’t work together. ${
      console < server
        ? 'Install the console that matches this server. Your IT desk has it.'
        : 'The server is older. Ask your IT desk to update it, or for the console that matches it.'
    }`,
  notKept:
    'The server was found, but this computer couldn’t save its address. Try again. If it happens again, send the log to your IT desk.',
  insecure: 'This connection isn’t encrypted',
  insecureHelp:
    'Slate doesn’t open over http://, because anyone on the network could read passwords and patient details. Use the https:// address of this server. Your IT desk has it.',
  crashed: 'This window hit an error and stopped',
  crashedHelp:
    'Your saved changes are safe on the server. Reload the window. If this happens again, send the log to your IT desk.',
  reload: 'Reload',
  close: 'Close',
};
