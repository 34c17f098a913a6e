const PIECES = 14;

/** A handful of coffee beans in the air when a card fills. Decoration: without motion there is none. */
export function Confetti() {
  return (
    <span class="confetti" aria-hidden="true">
      {Array.from({ length: PIECES }, (_, index) => (
        <i key={index} />
      ))}
    </span>
  );
}
