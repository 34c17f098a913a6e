import { useEffect, useState } from 'preact/hooks';
import { texts } from '../texts/shell.ts';

/** Quicker answers than this need no word. */
const SAID_AFTER_MS = 300;

/** Something is on its way. Says so only when it takes a moment. */
export function Busy({ text = texts.loading }: { text?: string }) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), SAID_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p class="busy" role="status">
      {isLong && text}
    </p>
  );
}
