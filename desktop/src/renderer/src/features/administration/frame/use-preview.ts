import { useState } from 'react';
import type { Outcome } from '../../../api/client.ts';
import type { Saving } from '../../../commands/administration.ts';
import { showRefusal } from '../../../commands/send.ts';
import { sessionStore } from '../../../stores/session.ts';

/** Asks the server what an edit would do. It changes nothing. */
export type AskForEffect<Edit, Effect> = (site: string, edit: Edit) => Promise<Outcome<Effect>>;

/** The effect of an edit, as the server has computed it. It counts only for exactly that edit. */
export function usePreview<Edit, Effect>(
  title: string,
  saving: Pick<Saving, 'showAtFields' | 'refused'>,
  ask: AskForEffect<Edit, Effect>,
) {
  const [shown, setShown] = useState<{ of: string; effect: Effect } | null>(null);
  return {
    effectOf: (edit: Edit) => (shown?.of === JSON.stringify(edit) ? shown.effect : null),
    load: async (edit: Edit) => {
      const session = sessionStore.getState();
      if (session.status !== 'signed_in') return;
      const outcome = await ask(session.site.id, edit);
      if (outcome.kind === 'done') return setShown({ of: JSON.stringify(edit), effect: outcome.reply });
      setShown(null);
      showRefusal(outcome, title, null, {
        showAtFields: saving.showAtFields,
        refused: (problem) => saving.refused(problem),
      });
    },
  };
}
