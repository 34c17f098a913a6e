import { useEffect, useState } from 'preact/hooks';

/** Modules of white around the code, as the standard asks. */
const QUIET_ZONE = 4;

/** A QR code, black on white whatever the page's colours are. Its maker is fetched when the first is drawn. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [drawing, setDrawing] = useState<{ path: string; size: number } | null>(null);
  useEffect(() => {
    let isGone = false;
    void draw(text).then((drawn) => isGone || setDrawing(drawn));
    return () => {
      isGone = true;
    };
  }, [text]);
  if (!drawing) return <div class="qr" />;
  return (
    <svg class="qr" viewBox={`0 0 ${drawing.size} ${drawing.size}`} role="img" aria-label={label}>
      <rect width="100%" height="100%" fill="#fff" />
      <path d={drawing.path} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}

async function draw(text: string): Promise<{ path: string; size: number }> {
  const { create } = await import('qrcode');
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const squares: string[] = [];
  for (let row = 0; row < modules.size; row++)
    for (let column = 0; column < modules.size; column++)
      if (modules.get(row, column)) squares.push(`M${column + QUIET_ZONE} ${row + QUIET_ZONE}h1v1h-1z`);
  return { path: squares.join(''), size: modules.size + 2 * QUIET_ZONE };
}
