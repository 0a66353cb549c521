import type { ResourceKind } from '../resources.ts';

/** The records that a cell can refer to. */
export type NamedKind = ResourceKind | 'procedure';
export type Named = {
  readonly kind: NamedKind;
  readonly id: string;
  readonly name: string;
  /** Its id in the file that it was imported from. */
  readonly externalId: string | null;
};

/** Why a cell cannot be read, as a sentence that says what to do. */
export class Problem {
  readonly sentence: string;
  constructor(sentence: string) {
    this.sentence = sentence;
  }
}

export type Names = ReturnType<typeof createNames>;

const keyOf = (text: string) => text.normalize('NFC').trim().toLowerCase();

const words = {
  room: 'room',
  surgeon: 'surgeon',
  equipment: 'equipment',
  bed: 'bed pool',
  list: 'list',
  procedure: 'procedure',
} as const satisfies Record<NamedKind, string>;

/** Finds records by the texts of cells, and the texts for records, so that what is written can be read again. */
export function createNames(records: readonly Named[], zone: string) {
  const byText = new Map<string, Named[]>();
  const byId = new Map<string, Named>();
  const add = (named: Named) => {
    byId.set(named.id, named);
    for (const text of new Set([named.id, named.name, named.externalId ?? named.id].map(keyOf))) {
      const key = `${named.kind} ${text}`;
      const known = byText.get(key);
      if (known) known.push(named);
      else byText.set(key, [named]);
    }
  };
  for (const each of records) add(each);

  const matching = (kind: NamedKind, text: string) => byText.get(`${kind} ${keyOf(text)}`) ?? [];

  return {
    zone,
    add,
    /** By external id, id or name. An external id counts more than an equal name of another record. */
    find(kind: NamedKind, text: string): string | Problem {
      const found = matching(kind, text);
      const byExternalId = found.filter(
        ({ externalId }) => externalId !== null && keyOf(externalId) === keyOf(text),
      );
      const [first, ...more] = byExternalId.length > 0 ? byExternalId : found;
      if (!first)
        return new Problem(`There is no ${words[kind]} “${text}” here. Correct the name, or add it first.`);
      if (more.length === 0) return first.id;
      return new Problem(`More than one ${words[kind]} is called “${text}”. Use the ID instead.`);
    },
    /** The name, unless it would not be found again: then the id. */
    textOf(kind: NamedKind, id: string): string {
      const named = byId.get(id);
      const isClear = named && !named.name.includes(';') && matching(kind, named.name).length === 1;
      return isClear ? named.name : (named?.externalId ?? id);
    },
  };
}
