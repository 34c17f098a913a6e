/** Where each bean flies, in steps to the side and down, and how far it turns on its way, in degrees. */
const BEANS = [
  [-13, -5, -260],
  [-10, -9, 190],
  [-8, -4, 320],
  [-6, -11, -140],
  [-4, -7, 220],
  [-2, -12, -300],
  [0, -9, 160],
  [2, -12, 280],
  [4, -7, -200],
  [6, -11, 150],
  [8, -4, -330],
  [10, -9, -180],
  [13, -5, 250],
  [15, -8, -220],
];

/** A handful of coffee beans in the air when a card fills. Decoration: without motion there is none. */
export function Confetti() {
  return (
    <span class="confetti" aria-hidden="true">
      {BEANS.map(([x, y, turn], index) => (
        <i key={index} style={{ '--x': x, '--y': y, '--turn': `${turn}deg` }} />
      ))}
    </span>
  );
}
