import { useId } from 'preact/hooks';

export interface Choice {
  value: string;
  text: string;
}

/** What stands in a `select`. */
export function Choices({ of, chosen }: { of: readonly Choice[]; chosen: string }) {
  return (
    <>
      {of.map(({ value, text }) => (
        <option key={value} value={value} selected={value === chosen}>
          {text}
        </option>
      ))}
    </>
  );
}

/** One of a few, with its label above: narrows what a page shows, at once. */
export function Choose({
  label,
  value,
  choices,
  onChoose,
}: {
  label: string;
  value: string;
  choices: readonly Choice[];
  onChoose: (value: string) => void;
}) {
  const id = useId();
  return (
    <div class="filter">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        <Choices of={choices} chosen={value} />
      </select>
    </div>
  );
}
