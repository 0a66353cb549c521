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
  holdTime: 'Time left of a hold',
  holdTimes: { countdown: 'Time left', end: 'Time at which it ends' },
  locked: 'Your IT department has set this.',
  close: 'Close',
};
