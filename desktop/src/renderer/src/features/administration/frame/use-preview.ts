import type { BlockEdit, BlockEffect } from '@slate/shared/contract/blocks';
import { useState } from 'react';
import { call } from '../../../api/client.ts';
import { showRefusal } from '../../../commands/send.ts';
import { sessionStore } from '../../../stores/session.ts';
import type { Saving } from '../../../commands/administration.ts';

/** The effect of an edit, as the server has computed it. It counts only for exactly that edit. */
export function usePreview(title: string, saving: Pick<Saving, 'showAtFields' | 'refused'>) {
  const [shown, setShown] = useState<{ of: string; effect: BlockEffect } | null>(null);
  return {
    effectOf: (edit: BlockEdit) => (shown?.of === JSON.stringify(edit) ? shown.effect : null),
    load: async (edit: BlockEdit) => {
      const session = sessionStore.getState();
      if (session.status !== 'signed_in') return;
      const outcome = await call('previewBlocks', { params: { site: session.site.id }, body: edit });
      if (outcome.kind === 'done') return setShown({ of: JSON.stringify(edit), effect: outcome.reply });
      setShown(null);
      showRefusal(outcome, title, null, {
        showAtFields: saving.showAtFields,
        refused: (problem) => saving.refused(problem),
      });
    },
    forget: () => setShown(null),
  };
}
