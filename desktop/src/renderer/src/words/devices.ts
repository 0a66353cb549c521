/** The page of devices. */
export const deviceWords = {
  empty: 'None yet. A device appears here when somebody signs in at a workstation.',
  failed: 'The devices couldn’t be loaded',
  name: 'Workstation',
  person: 'Person',
  registered: 'Registered',
  used: 'Last seen',
  answered: 'Requests answered',
  retired: 'Retired',
  title: (name: string, person: string) => `${name} of ${person}`,
  help: 'This counts the requests that the server has answered. Only the workstation knows the requests that still wait there.',
  retire: 'Retire…',
  retireNow: 'Retire the device',
  confirm: (person: string) =>
    `Nothing is accepted from this device anymore. Requests of ${person} that still wait there are never sent; ${person} sees them at the next sign-in and can enter them again. You can’t undo this.`,
  isRetired: 'Retired: nothing is accepted from this device.',
  retireTitle: (name: string) => `Retire ${name}`,
  done: (name: string) => `Retired ${name}`,
  cannotUndo: (name: string) =>
    `Retiring ${name} can’t be undone. The person’s next sign-in there registers a new device.`,
};
