/** Runs in the program, before its code: Playwright has told it to use no keyring. */
require('electron').app.commandLine.removeSwitch('password-store');
