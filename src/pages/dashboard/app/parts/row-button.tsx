/** A quiet button at its row; `label` says on which row, to those who hear it without what stands beside it. */
export function RowButton({ text, label, onClick }: { text: string; label: string; onClick: () => void }) {
  return (
    <button type="button" class="quiet small" aria-label={label} onClick={onClick}>
      {text}
    </button>
  );
}
