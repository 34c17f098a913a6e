import { useState } from 'preact/hooks';
import type { FoundCustomers } from '../api-types.ts';
import { FindForm, FoundList } from '../parts/find-card.tsx';
import { Icon } from '../parts/icon.tsx';
import { SheetDialog } from '../parts/sheet-dialog.tsx';
import { notice } from '../state/notice.ts';
import { openSheet } from '../state/sheet.ts';
import { texts } from '../texts.ts';

/** Somebody without a card has one after all, and the shop has no scanner, or they no phone with them. */
export function FindSheet() {
  const [found, setFound] = useState<FoundCustomers | null>(null);
  return (
    <SheetDialog title={texts.find.title}>
      <button type="button" class="big" onClick={() => openSheet({ kind: 'camera', from: { kind: 'find' } })}>
        <Icon name="camera" />
        {texts.find.camera}
      </button>
      <FindForm onFound={setFound} />
      {/* At the top of the screen it would be behind this sheet. Good news is of what was done before. */}
      {notice.value && notice.value.tone !== 'good' && <p class="notice warn">{notice.value.text}</p>}
      {found && <FoundList found={found} />}
    </SheetDialog>
  );
}
