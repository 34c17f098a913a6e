import { computePalette } from '../../../card/palette.ts';
import { texts } from '../texts/cards.ts';

/** Enough to see what a card in use looks like, whatever it takes to fill. */
const STAMPED = 3;

export interface CardLook {
  shopName: string;
  stampsRequired: number;
  rewardName: string;
  colour: string;
  pictureUrl: string | null;
}

/** The customer's card as it would look, drawn as its own page draws it. */
export function CardPreview({ shopName, stampsRequired, rewardName, colour, pictureUrl }: CardLook) {
  const { card, onCard, onCardLine } = computePalette(colour);
  const required = Math.min(Math.max(stampsRequired || 1, 1), 50);
  const stamps = Math.min(STAMPED, required - 1);
  return (
    <figure class="card-preview">
      <figcaption>{texts.preview}</figcaption>
      <div class="preview-phone">
        <p class="preview-shop">{shopName}</p>
        <div
          class="preview-card"
          style={{ '--card': card, '--on-card': onCard, '--on-card-line': onCardLine }}
        >
          {pictureUrl && <img class="preview-picture" src={pictureUrl} alt="" />}
          <div class="preview-inside">
            <p class="preview-progress">
              <strong>{texts.previewStamps(stamps, required)}</strong>
              <span>{texts.previewToGo(required - stamps)}</span>
            </p>
            <ol class={`unmarked preview-stamps columns-${columnsFor(required)}`} aria-hidden="true">
              {Array.from({ length: required }, (_, place) => (
                <li key={place} class={kindOf(place, { stamps, required })}>
                  {place < stamps ? <Bean /> : place === required - 1 ? <Cup /> : place + 1}
                </li>
              ))}
            </ol>
            <p class="preview-goal">
              <Cup /> <span>{rewardName}</span>
            </p>
          </div>
        </div>
      </div>
    </figure>
  );
}

/** Whether the card can have this very colour: on some no text can be read. */
export function isReadable(colour: string): boolean {
  return computePalette(colour).card === colour.toLowerCase();
}

function kindOf(place: number, { stamps, required }: { stamps: number; required: number }): string {
  if (place < stamps) return 'filled';
  return place === required - 1 ? 'last' : '';
}

/** As the card's own page has them: rows of one length. */
function columnsFor(required: number): number {
  const even: Record<number, number> = { 1: 1, 2: 2, 3: 3, 4: 4, 6: 3, 7: 4, 8: 4, 11: 4, 12: 4 };
  return even[required] ?? (required < 16 || required % 5 === 0 ? 5 : 6);
}

function Bean() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <g transform="rotate(35 16 16)" fill="currentColor">
        <path d="M15 3.2C9.7 4.2 6.5 9.6 6.5 16s3.2 11.8 8.5 12.8c-2.6-4-3-8-.7-12.6 2-4 2.400-8.500.7-13Z" />
        <path d="M17.700 3.300c1.600 4.700 1.100 9.200-.9 13.300-2 4-1.900 8.100.6 12.100 5-1.300 8.100-6.500 8.100-12.700 0-6.300-3-11.500-7.800-12.700Z" />
      </g>
    </svg>
  );
}

function Cup() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path
        fill="currentColor"
        d="M5 12h18v1.500h1.500a4.500 4.500 0 0 1 0 9h-2.100A8 8 0 0 1 16 27h-4a7 7 0 0 1-7-7v-8Zm18 8.500h1.500a2.500 2.500 0 0 0 0-5H23v4.500Z"
      />
      <path
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        d="M10.500 8.800c-1.200-1.500 1.200-2.600 0-4.300M15.500 8.800c-1.200-1.500 1.200-2.600 0-4.300"
      />
    </svg>
  );
}
