// Draws the one kind of QR code a card shows: 38 letters and figures, which fill a version 2 code at level M to the
// last bit (ISO/IEC 18004). So there is one size, one block, one mask and no padding.

const SIZE = 25;
const DATA_CODEWORDS = 28;
const CHECK_CODEWORDS = 16;
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
export const QR_TEXT_LENGTH = 38;
/** Level M and mask 0, with their check bits. */
const FORMAT = 0b101010000010010;
/** White around the code. */
const QUIET_ZONE = 4;

/** The dark modules as the path of an SVG whose viewBox is `0 0 33 33`, to be stroked with a width of 1. */
export function drawQrPath(text) {
  return computeQr(text)
    .flatMap((row, y) =>
      runsOf(row).map(([x, width]) => `M${x + QUIET_ZONE} ${y + QUIET_ZONE + 0.5}h${width}`),
    )
    .join('');
}

/** Rows of modules, true where they are dark. */
export function computeQr(text) {
  if (text.length !== QR_TEXT_LENGTH) throw new RangeError(`A card's code has ${QR_TEXT_LENGTH} characters`);
  const data = encode(text);
  const bits = [...data, ...computeCheck(data)].flatMap((byte) => bitsOf(byte, 8));
  const modules = drawFrame();
  for (const [x, y] of walk(modules)) modules[y][x] = ((bits.shift() ?? 0) ^ Number((x + y) % 2 === 0)) === 1;
  return modules;
}

function encode(text) {
  const bits = [...bitsOf(0b0010, 4), ...bitsOf(text.length, 9)];
  for (let place = 0; place < text.length; place += 2)
    bits.push(...bitsOf(LETTERS.indexOf(text[place]) * 45 + LETTERS.indexOf(text[place + 1]), 11));
  bits.push(0, 0);
  return Array.from({ length: DATA_CODEWORDS }, (_, byte) =>
    bits.slice(8 * byte, 8 * byte + 8).reduce((value, bit) => 2 * value + bit, 0),
  );
}

/** Reed and Solomon: the remainder of the data divided by the generator polynomial. */
function computeCheck(data) {
  let generator = [1];
  let root = 1;
  for (let degree = 0; degree < CHECK_CODEWORDS; degree++) {
    generator = [...generator, 0].map((value, place) => value ^ times(generator[place - 1] ?? 0, root));
    root = times(root, 2);
  }
  const rest = [...data, ...Array(CHECK_CODEWORDS).fill(0)];
  for (let place = 0; place < data.length; place++) {
    const factor = rest[place];
    generator.forEach((value, degree) => {
      rest[place + degree] ^= times(value, factor);
    });
  }
  return rest.slice(data.length);
}

/** In the field of 256 elements modulo x^8 + x^4 + x^3 + x^2 + 1. */
function times(one, other) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--)
    product = (product << 1) ^ ((product >>> 7) * 0x11d) ^ (((other >>> bit) & 1) * one);
  return product;
}

/** What is the same in every code; undefined where data goes. */
function drawFrame() {
  const modules = Array.from({ length: SIZE }, () => Array(SIZE).fill(undefined));
  for (let place = 8; place < SIZE - 8; place++) modules[6][place] = modules[place][6] = place % 2 === 0;
  for (const [x, y] of [
    [3, 3],
    [SIZE - 4, 3],
    [3, SIZE - 4],
  ])
    drawSquares(modules, { x, y, reach: 4, dark: [0, 1, 3] });
  drawSquares(modules, { x: SIZE - 7, y: SIZE - 7, reach: 2, dark: [0, 2] });
  drawFormat(modules);
  return modules;
}

/** Rings around a centre, by their distance from it. */
function drawSquares(modules, { x, y, reach, dark }) {
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++)
      if (modules[y + dy] && x + dx >= 0 && x + dx < SIZE)
        modules[y + dy][x + dx] = dark.includes(Math.max(Math.abs(dx), Math.abs(dy)));
}

/** Twice: around the corner at the top left, and along the two others. */
function drawFormat(modules) {
  for (let bit = 0; bit < 15; bit++) {
    const isDark = ((FORMAT >>> bit) & 1) === 1;
    const place = bit < 6 ? bit : bit < 8 ? bit + 1 : SIZE - 15 + bit;
    modules[place][8] = isDark;
    const mirrored = bit < 8 ? SIZE - 1 - bit : bit === 8 ? 7 : 14 - bit;
    modules[8][mirrored] = isDark;
  }
  modules[SIZE - 8][8] = true;
}

/** The places for data in their order: up and down in columns of two, from the right, past the timing line. */
function walk(modules) {
  const places = [];
  let isUp = true;
  for (let right = SIZE - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < SIZE; step++) {
      const y = isUp ? SIZE - 1 - step : step;
      for (const x of [right, right - 1]) if (modules[y][x] === undefined) places.push([x, y]);
    }
    isUp = !isUp;
  }
  return places;
}

function bitsOf(value, count) {
  return Array.from({ length: count }, (_, place) => (value >>> (count - 1 - place)) & 1);
}

function runsOf(row) {
  const runs = [];
  row.forEach((isDark, x) => {
    if (isDark && row[x - 1]) runs[runs.length - 1][1]++;
    else if (isDark) runs.push([x, 1]);
  });
  return runs;
}
