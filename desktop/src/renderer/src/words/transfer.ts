type Counts = Record<'resources' | 'procedures' | 'cases', number>;
const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** The page of the administration for the first steps, and for a whole site in one file. */
export const transferWords = {
  begin: 'How do you want to begin?',
  beginHelp: 'This site is empty. Whatever you choose, you can change it later.',
  enter: {
    title: 'Enter your hospital',
    help: 'Begin with the rooms. Many are added at once with a range, such as Main OR 1–12.',
    button: 'Add rooms',
  },
  lists: {
    title: 'Import lists',
    help: 'Rooms, surgeons, equipment, beds, lists, procedures, blocks, people and cases from CSV or Excel files of another system.',
    button: 'Import files',
  },
  file: {
    title: 'Import a site',
    help: 'A file that “Export this site” has saved on this or another server. The site is then the same, except for passwords: you give each person a temporary one.',
    button: 'Choose a file…',
  },
  demo: {
    title: 'Learn with the demo hospital',
    help: 'A busy, invented hospital with invented patients. This site is then named Slate Demo Hospital and stays a demo: your own hospital needs a new, empty database.',
    button: 'Load the demo hospital',
  },
  steps: 'First steps',
  stepsHelp: 'With these, a case can be booked.',
  step: {
    rooms: 'Rooms and their hours',
    surgeons: 'Surgeons and their services',
    procedures: 'Procedures and their lengths',
    people: 'People: invite them, or approve those who registered',
  },
  none: 'none yet',
  firstCase: 'Book the first case on the board',

  export: 'Export this site',
  exportHelp:
    'Everything in one file, with cases, notes and patient references: keep it as safe as a patient record. Passwords, the audit, holds and invitations are not in it.',
  since: 'Cases since',
  sinceHelp: 'Empty: all cases',
  exportButton: 'Export…',
  saved: (name: string) => `Saved ${name}`,

  imported: (site: string, { resources, procedures, cases }: Counts) =>
    `Imported ${site}: ${counted(resources, 'resource')}, ${counted(procedures, 'procedure')}, ${counted(cases, 'case')}`,
  leftOut: (emails: readonly string[]) =>
    `Left out, because they belong to another site of this server: ${emails.join(', ')}.`,
  noReply: {
    import: 'No reply from the server. Check the network, then try again. Nothing is imported twice.',
    export: 'The file didn’t arrive whole, so nothing was saved. Check the network, then try again.',
  },
};
