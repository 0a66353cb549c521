import { actionNames } from './actions.ts';

export const preferencesWords = {
  title: 'Workstation preferences',
  theme: 'Colors',
  themes: { auto: 'Same as system', light: 'Light', dark: 'Dark' },
  rowHeight: 'Row height',
  rowHeights: { 28: 'Low', 40: 'Medium', 56: 'High' },
  pixelsPerHour: 'Hour width',
  singleKeys: 'Single-key shortcuts',
  singleKeysHelp:
    'Turn this off if you dictate or if you press keys by accident. Everything stays available in the palette.',
  lockAfter: 'Lock after inactivity (minutes)',
  close: 'Close',
  about: actionNames.about,
  version: (version: string) => `Version ${version}`,
  testBuild: 'This is a test build. Don’t work with it: ask IT for the release.',
  protocol: (version: number) => `Protocol ${version}`,
  server: (address: string) => `Server ${address}`,
  showLog: 'Show the log file',
};
