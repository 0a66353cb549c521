import type { Protocols } from '@slate/shared/protocol';
import { actionNames } from './actions.ts';

export const aboutWords = {
  title: actionNames.about,
  labels: {
    version: 'Version',
    build: 'Build',
    protocol: 'Protocol',
    electron: 'Electron',
    system: 'System',
    server: 'Server',
    serverVersion: 'Server version',
    site: 'Site',
  },
  builds: {
    release: 'Release',
    test: 'Test build, not a release',
    development: 'Development, not installed',
    browser: 'In a browser',
  },
  testBuild: 'This is a test build. Don’t work with it: ask IT for the release.',
  protocol: ({ lowest, highest }: Protocols) =>
    lowest === highest ? `${highest}` : `${lowest} to ${highest}`,
  noServer: 'None yet',
  askingServer: 'Asking the server…',
  serverUnknown: 'Unknown, because the server didn’t answer',
  site: (name: string, id: string) => `${name} (${id})`,
  policy: 'Set by your IT department',
  policySource: (source: string) =>
    `Read from ${source} when Slate started. A change applies at the next start.`,
  noPolicy: 'No policy is set on this workstation.',
  noPolicyHere: 'Policies are for the desktop program. A browser has none.',
  nothingSet: 'The policy sets nothing.',
  setting: 'Setting',
  value: 'Value',
  state: 'Who decides',
  locked: 'Locked',
  recommended: 'Recommended; people can choose',
  refused: 'Not used',
  refusal: (name: string, why: string) => `${name}: ${why}`,
  copy: 'Copy for support',
  copied: 'Copied',
  notCopied: 'Couldn’t copy. Select the text and copy it with the keyboard.',
  showLog: 'Show the log file',
  close: 'Close',
};
