/** Which column of a file says what, as far as its headings tell: for a page that shows it before the file is sent. */
export { guessColumns } from '../../pos-adapter/sales-file/mapping.ts';
