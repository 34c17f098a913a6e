// Every page of the desk, in the order of the navigation. To add one:
//
// 1. Write it in a folder of its area: `app/gestures/gestures-page.tsx` exports
//      export function GesturesPage(): VNode { return <Page title={texts.title} lead={texts.lead}>…</Page>; }
//    A page with an id in its path gets it as `params`: `({ params }: PageProps)`; filters live in `query`/`setQuery`
//    of router.ts. It shows data with `const gestures = useLoad(() => api.…())` and `<Loaded of={gestures}>`
//    (parts/loaded.tsx); a form is `<Form onSend={…}>` with `<TextField name=…>` and friends (parts/form.tsx,
//    parts/fields.tsx), which show what the API refuses next to the field it names.
// 2. Put its words in `app/texts/<area>.ts` (`export const texts = inLanguage({ … })`), its few styles in
//    `app/<area>/<area>.css`, imported by the page: both then load with the page and weigh nothing before.
// 3. Put its name in `texts/pages.ts` and a line here. `nav` puts it in the navigation; without it the page is reached
//    by links alone (`<a href="/desk/…">` is enough: the router catches it). `inBar` also puts it in the bar at the
//    foot of a phone, which has room for four. `roles` says whose it is; left out, owners and managers both see it.
// 4. Ask the API by `ask`, `askAll` of api.ts with types inferred from the server's schemas (see api-types.ts); what
//    wants the password again is asked for by itself.
// 5. Say what happened with `say('…', { undo })` (parts/toast.tsx); what cannot be undone asks with `confirmFirst({…})`
//    (parts/confirm-dialog.tsx). A button that asks the API at once is a `<WorkButton>`; a list that is shown a page at
//    a time comes of `usePages`, so that Back finds it as it was left.
// 6. tests/pages/desk-pages.test.ts opens every page of this list in three sizes, light and dark, with axe, and in the
//    test locale; add what only yours does to a test of its own. The server needs no change: every address below
//    /desk answers with this app.
import type { ComponentType } from 'preact';
import type { IconName } from './parts/icon.tsx';
import type { Role } from './api-types.ts';
import { texts } from './texts/pages.ts';

export interface PageProps {
  /** The parts of the path that begin with a colon. */
  params: Record<string, string>;
}

export interface PageEntry {
  path: string;
  title: string;
  load: () => Promise<ComponentType<PageProps>>;
  nav?: { group: NavGroup; icon: IconName; inBar?: true };
  roles?: readonly Role[];
  /** `bare`: without navigation, for nobody in particular. `focused`: signed in, without navigation. */
  frame?: 'bare' | 'focused';
}

export type NavGroup = 'day' | 'shop' | 'account';

export const pages: readonly PageEntry[] = [
  {
    path: '/desk',
    title: texts.home,
    load: async () => (await import('./home/home-page.tsx')).HomePage,
    nav: { group: 'day', icon: 'home', inBar: true },
  },
  {
    path: '/desk/gestures',
    title: texts.gestures,
    load: async () => (await import('./gestures/gestures-page.tsx')).GesturesPage,
    nav: { group: 'day', icon: 'gift', inBar: true },
  },
  {
    path: '/desk/gestures/print',
    title: texts.gestures,
    load: async () => (await import('./gestures/print-page.tsx')).PrintPage,
    frame: 'focused',
  },
  {
    path: '/desk/evidence',
    title: texts.evidence,
    load: async () => (await import('./evidence/evidence-page.tsx')).EvidencePage,
    nav: { group: 'day', icon: 'scale', inBar: true },
  },
  {
    path: '/desk/kept-taps',
    title: texts.keptTaps,
    load: async () => (await import('./kept-taps/kept-taps-page.tsx')).KeptTapsPage,
  },
  {
    path: '/desk/menu',
    title: texts.menu,
    load: async () => (await import('./menu/menu-page.tsx')).MenuPage,
    nav: { group: 'shop', icon: 'cup' },
  },
  {
    path: '/desk/cards',
    title: texts.cards,
    load: async () => (await import('./cards/cards-page.tsx')).CardsPage,
    nav: { group: 'shop', icon: 'card' },
    roles: ['owner'],
  },
  {
    path: '/desk/cards/:programId',
    title: texts.cards,
    load: async () => (await import('./cards/cards-page.tsx')).CardPage,
    roles: ['owner'],
  },
  {
    path: '/desk/allowance',
    title: texts.allowance,
    load: async () => (await import('./allowance/allowance-page.tsx')).AllowancePage,
    nav: { group: 'shop', icon: 'purse' },
  },
  {
    path: '/desk/people',
    title: texts.people,
    load: async () => (await import('./people/people-page.tsx')).PeoplePage,
    nav: { group: 'shop', icon: 'people' },
  },
  {
    path: '/desk/tills',
    title: texts.tills,
    load: async () => (await import('./tills/tills-page.tsx')).TillsPage,
    nav: { group: 'shop', icon: 'tablet' },
  },
  {
    path: '/desk/locations',
    title: texts.locations,
    load: async () => (await import('./locations/locations-page.tsx')).LocationsPage,
    nav: { group: 'shop', icon: 'place' },
  },
  {
    path: '/desk/settings',
    title: texts.settings,
    load: async () => (await import('./settings/settings-page.tsx')).SettingsPage,
    nav: { group: 'shop', icon: 'settings' },
    roles: ['owner'],
  },
  {
    path: '/desk/start/:step',
    title: texts.start,
    load: async () => (await import('./start/start-page.tsx')).StartPage,
    roles: ['owner'],
    frame: 'focused',
  },
  {
    path: '/setup',
    title: texts.setup,
    load: async () => (await import('./start/setup-page.tsx')).SetupPage,
    frame: 'bare',
  },
  {
    path: '/sign-in',
    title: texts.signIn,
    load: async () => (await import('./sign-in/sign-in-page.tsx')).SignInPage,
    frame: 'bare',
  },
  {
    path: '/desk/customers',
    title: texts.customers,
    load: async () => (await import('./customers/customers-page.tsx')).CustomersPage,
    nav: { group: 'day', icon: 'person', inBar: true },
  },
  {
    path: '/desk/customers/:customerId',
    title: texts.customers,
    load: async () => (await import('./customers/customer-page.tsx')).CustomerPage,
  },
  {
    path: '/desk/sales',
    title: texts.sales,
    load: async () => (await import('./sales/sales-page.tsx')).SalesPage,
    nav: { group: 'day', icon: 'receipt' },
  },
  {
    path: '/desk/imports',
    title: texts.imports,
    load: async () => (await import('./imports/imports-page.tsx')).ImportsPage,
    nav: { group: 'account', icon: 'file' },
  },
  {
    path: '/desk/audit',
    title: texts.audit,
    load: async () => (await import('./audit/audit-page.tsx')).AuditPage,
    nav: { group: 'account', icon: 'list' },
    roles: ['owner'],
  },
  {
    path: '/desk/account',
    title: texts.account,
    load: async () => (await import('./account/account-page.tsx')).AccountPage,
    nav: { group: 'account', icon: 'shield' },
  },
];
