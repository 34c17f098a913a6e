import { leftAt } from '../state/idle.ts';
import { sheet } from '../state/sheet.ts';
import { visit } from '../state/visit.ts';
import { ActList } from '../visit/act-list.tsx';
import { CustomerPanel } from '../visit/customer-panel.tsx';
import { DrawBanner } from '../visit/draw-banner.tsx';
import { FindSheet } from '../visit/find-sheet.tsx';
import { GestureButtons } from '../visit/gesture-buttons.tsx';
import { GestureSheet } from '../visit/gesture-sheet.tsx';
import { Menu } from '../visit/menu.tsx';
import { PreferencesSheet } from '../visit/preferences-sheet.tsx';
import { ProofSheet } from '../visit/proof-sheet.tsx';
import { RewardOffers } from '../visit/reward-offers.tsx';
import { RewardSheet } from '../visit/reward-sheet.tsx';
import { SaleBar } from '../visit/sale-bar.tsx';
import { SaleResult } from '../visit/sale-result.tsx';

/** One customer: who they are, what they are having, and a kindness if there is reason for one. */
export function VisitScreen() {
  const current = visit.value;
  if (!current) return null;
  return (
    <div class={`visit${current.sale ? ' sold' : ''}${current.card ? '' : ' no-card'}`}>
      <div class="visit-customer">
        <CustomerPanel visit={current} />
        <div class="visit-kindness">
          <RewardOffers visit={current} />
          {current.draw ? (
            <DrawBanner draw={current.draw} />
          ) : (
            current.card && <GestureButtons card={current.card} />
          )}
          <ActList acts={current.acts} />
        </div>
      </div>
      <div class="visit-sale">
        {current.sale ? <SaleResult sale={current.sale} visit={current} /> : <Menu />}
        <SaleBar />
      </div>
      <VisitSheet />
    </div>
  );
}

function VisitSheet() {
  const open = sheet.value;
  switch (open?.kind) {
    case undefined:
      return null;
    case 'gesture':
      return <GestureSheet key={open.gesture} gesture={open.gesture} draw={open.draw ?? null} />;
    case 'one-more':
      return <GestureSheet key="one-more" gesture={null} draw={null} />;
    case 'reward':
      return <RewardSheet rewardId={open.rewardId} />;
    case 'proof':
      return <ProofSheet {...open} />;
    case 'preferences':
      return <PreferencesSheet {...open} />;
    case 'find':
      return <FindSheet key={leftAt.value} />;
    case 'camera':
    case 'settings':
      return null; // belong to every screen
  }
}
