import { actionNames } from './actions.ts';

export const preferencesWords = {
  title: 'Preferences of this workstation',
  theme: 'Colors',
  themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
  rowHeight: 'Height of a row',
  rowHeights: { 28: 'Low', 40: 'Medium', 56: 'High' },
  pixelsPerHour: 'Width of an hour',
  singleKeys: 'Letters alone are commands',
  singleKeysHelp: 'Turn this off if you dictate or if keys slip. Everything stays reachable in the palette.',
  lockAfter: 'Lock after minutes without a touch',
  close: 'Close',
  about: actionNames.about,
  version: (version: string) => `Version ${version}`,
  protocol: (version: number) => `Protocol ${version}`,
  server: (address: string) => `Server ${address}`,
  showLog: 'Show the log file',
};
