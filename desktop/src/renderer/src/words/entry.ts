/** What stands on the screens before the board: no sentence here names a patient. */
export const entryWords = {
  server: (address: string) => `Server: ${address}`,

  signIn: 'Sign in',
  email: 'E-mail',
  password: 'Password',
  capsLock: 'Caps Lock is on.',
  showTyped: 'Show what is typed',
  people: 'Signed in here before',
  someoneElse: 'Someone else',
  askForAccount: 'Ask for an account',
  backToSignIn: 'Back to sign-in',

  name: 'Your name, as others should see it',
  newPassword: 'Choose a password',
  passwordHint: 'At least 12 characters. Long and easy to remember is better than short and complicated.',
  sendRequest: 'Send the request',
  requested:
    'Your request has been sent. An administrator of your site has to approve it and will then give you a temporary password. Sign in with it, and choose your own.',

  ended: {
    revoked:
      'You are signed out: your session was ended, by an administrator, by another password, because it was used elsewhere, or because this console was not used for a while. Sign in again; if that fails, ask an administrator of your site.',
    idle: 'Slate was closed for longer than it stays unlocked without anybody there. Sign in again to go on.',
    copied:
      'This tab was made from another one, in which you stay signed in. Each tab has a session of its own: sign in here too, or close this one and go on there.',
    no_site:
      'You have no role at any site, so there is no board to show. Ask an administrator of your site for one, then sign in again.',
    wall_only:
      'This address is for wall boards, which stay signed in where everybody passes. Sign in with a wall-board account, or open Slate without #/wall at the end of the address.',
  },
  noAnswer:
    'The server did not answer, so you could not be signed in. Check the network cable or wireless, then try again.',
  noAnswerToRequest:
    'The server did not answer, so the request may not have been sent. Check the network cable or wireless, then send it again: it counts once.',
  tooOften: (seconds: number) =>
    `Too many attempts. To protect your account, the next one is possible in ${seconds < 90 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`}.`,

  temporary:
    'This password was given to you by an administrator and works only once. Choose your own now, to go on.',
  keepPassword: 'Keep this password and sign in',
  changePasswordHelp:
    'All other sessions of yours end at once: whoever else knows the current password is signed out.',
  presentPassword: 'Current password',
  wrongPassword: 'This is not your current password. Type it again.',
  passwordUnknown:
    'The server did not answer, so nobody knows whether your password was changed. Check the network, then sign in: first with the new password, and with the old one if that fails.',
  passwordChanged: 'Your password was changed; your other sessions have ended',

  locked: 'Locked',
  lockedBy: (name: string) => `${name} is signed in here. Enter the password to go on where you were.`,
  unlock: 'Unlock',
  lockingSoon:
    'Nobody has touched Slate for a while, so it is about to lock. Press a key or move the mouse to stay.',
  lockingOffline:
    'The server cannot be reached: once it is locked, nobody can unlock it until the server answers.',
  lockingIn: (seconds: number) => `${seconds} s`,

  starting: 'Connecting to the server…',
  unreachable:
    'The server does not answer. Slate keeps trying by itself; check the network cable or wireless, and if other programs work, call your IT desk.',
  tryNow: 'Try now',
  changeServer: 'Use another server',
  keepServer: (address: string) => `Stay with ${address}`,

  firstRun: 'Where is your Slate server?',
  firstRunHelp: 'Your IT desk knows the address. It is asked for once on this workstation.',
  address: 'Address of the server',
  addressExample: 'https://slate.example.org',
  test: 'Connect',
  testing: 'Looking for the server…',
  trial: {
    not_an_address: 'This is not an address. Write it as in https://slate.example.org.',
    insecure:
      'This address begins with http://, which others on the network could read along with. Use the https:// address of the server.',
    unknown_host:
      'No computer of that name was found. Check the spelling, and whether you are on the hospital network.',
    refused:
      'The computer is there, but no Slate server answers at that address. Check the port, or ask your IT desk whether Slate is running.',
    timeout: 'Nothing answered within 5 seconds. Check the address and the network, then try again.',
    certificate:
      'The certificate of this server is not trusted here, so the connection is not safe. Ask your IT desk to install it; do not use another address instead.',
    not_encrypted:
      'The server answers, but without the encryption that https:// needs. Check the port in the address, or ask your IT desk.',
    client_certificate:
      'The server wants a certificate that proves who you are before it says anything. Ask your IT desk to set this server up on this computer.',
    declined: 'Slate did not look there, and you stay with your server.',
    other: 'Something answers there, but it is not Slate. Check the address with your IT desk.',
  },
  otherVersion: (console: number, server: number) =>
    `This console speaks version ${console}, the server version ${server}, so they would misread each other. ${
      console < server
        ? 'Install the console that belongs to this server; your IT desk has it.'
        : 'The server is the older one: ask your IT desk to update it, or for the console that belongs to it.'
    }`,
  notKept:
    'The server was found, but its address could not be kept on this computer. Try again; if this stays, send the log to your IT desk.',
  insecure: 'This connection is not encrypted',
  insecureHelp:
    'Slate does not open over http://, as passwords and patients would cross the network for all to read. Use the https:// address of this server; your IT desk has it.',
  crashed: 'This window has run into an error and stopped',
  crashedHelp:
    'Nothing that was confirmed is lost: it is on the server. Load the window again; if this comes back, send the log to your IT desk.',
  reload: 'Load again',
  close: 'Close',
};
