import { Page } from '../parts/page.tsx';
import { texts } from '../texts/home.ts';

export function HomePage() {
  return <Page title={texts.title}>{null}</Page>;
}
