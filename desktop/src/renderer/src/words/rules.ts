/** Outcomes of a change of a rule, such as a template of blocks or a recurring closure. */
export const ruleWords = {
  saved: (name: string) => `Saved ${name}`,
  removed: (name: string) => `Removed ${name}`,
  titles: {
    save: (name: string) => `Save ${name}`,
    remove: (name: string) => `Remove ${name}`,
  },
  undo: {
    add: (name: string) => ({ label: `Remove ${name} again`, undone: `Removed ${name}` }),
    change: (name: string) => ({ label: `Change ${name} back`, undone: `${name} as before` }),
    remove: (name: string) => ({ label: `Bring back ${name}`, undone: `${name} is back` }),
  },
};
