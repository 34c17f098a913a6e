/** Why something did not happen, in the sheet where it was wanted. */
export function Warning({ text }: { text: string | null | undefined }) {
  return text ? (
    <p class="notice warn" role="alert">
      {text}
    </p>
  ) : null;
}
