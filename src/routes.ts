import type { Logger } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import type { Database } from '../db/database.ts';
import type { Clock } from './clock.ts';
import { cardRoutes } from './http/routes/card-routes.ts';
import { gestureRoutes } from './http/routes/gesture-routes.ts';
import { importRoutes } from './http/routes/import-routes.ts';
import { reportRoutes } from './http/routes/report-routes.ts';
import { healthRoutes } from './http/routes/health-routes.ts';
import { lazyApiDocument, openapiRoutes } from './http/routes/openapi-routes.ts';
import { evidenceRoutes } from './http/routes/evidence-routes.ts';
import { seasonRoutes } from './http/routes/season-routes.ts';
import { saleRoutes } from './http/routes/sale-routes.ts';
import { checkReady } from './operations/check-ready.ts';
import { claimSale } from './operations/claim-sale.ts';
import { exportGestureReport } from './operations/export-gesture-report.ts';
import { giveGesture } from './operations/give-gesture.ts';
import { importSales, readImportMapping } from './operations/import-sales.ts';
import { issueCardAtTill } from './operations/issue-card.ts';
import { joinCustomers } from './operations/join-customers.ts';
import { editOwnCard } from './operations/edit-own-card.ts';
import { exportMyData } from './operations/export-my-data.ts';
import { finishFinding, startFinding } from './operations/find-my-card.ts';
import { joinCards } from './operations/join-cards.ts';
import { confirmKeepingSafe, startKeepingSafe } from './operations/keep-card-safe.ts';
import { joinProgram } from './operations/join-program.ts';
import { leaseGestures } from './operations/lease-gestures.ts';
import { readAllowance } from './operations/read-allowance.ts';
import { readCard } from './operations/read-card.ts';
import { readCardPage } from './operations/read-card-page.ts';
import { readJoinPage } from './operations/read-join-page.ts';
import { recordPastGesture } from './operations/record-past-gesture.ts';
import { recordSale } from './operations/record-sale.ts';
import { redeemReward } from './operations/redeem-reward.ts';
import { refundSale } from './operations/refund-sale.ts';
import { reportGestures } from './operations/report-gestures.ts';
import { totalGestures } from './operations/total-gestures.ts';
import { exportEvidence } from './operations/export-evidence.ts';
import { readFairnessAlarms } from './operations/read-fairness-alarms.ts';
import { readFairnessMirror } from './operations/read-fairness-mirror.ts';
import { readPublicSeason, streamSeasonDraws } from './operations/read-season-draws.ts';
import { reportEvidence } from './operations/report-evidence.ts';
import { listSeasons } from './operations/list-seasons.ts';
import { planSeason } from './operations/plan-season.ts';
import { scanCard } from './operations/scan-card.ts';
import { startSeason } from './operations/start-season.ts';
import { stopSeason } from './operations/stop-season.ts';
import { returnLease } from './operations/return-lease.ts';
import { checkPin, signInAtTill } from './operations/sign-in-at-till.ts';
import { allowanceRuleRoutes } from './http/routes/allowance-rule-routes.ts';
import { accountRoutes } from './http/routes/account-routes.ts';
import { auditRoutes } from './http/routes/audit-routes.ts';
import { customerRoutes } from './http/routes/customer-routes.ts';
import { daySaleRoutes } from './http/routes/day-sale-routes.ts';
import { deviceRoutes } from './http/routes/device-routes.ts';
import { itemRoutes } from './http/routes/item-routes.ts';
import { keptTapRoutes } from './http/routes/kept-tap-routes.ts';
import { locationRoutes } from './http/routes/location-routes.ts';
import { merchantRoutes } from './http/routes/merchant-routes.ts';
import { pictureRoutes } from './http/routes/picture-routes.ts';
import { programRoutes } from './http/routes/program-routes.ts';
import { sessionRoutes } from './http/routes/session-routes.ts';
import { setupRoutes } from './http/routes/setup-routes.ts';
import { staffRoutes } from './http/routes/staff-routes.ts';
import { summaryRoutes } from './http/routes/summary-routes.ts';
import { staffSessionRoutes } from './http/routes/staff-session-routes.ts';
import {
  addAllowanceRule,
  editAllowanceRule,
  removeAllowanceRule,
} from './operations/edit-allowance-rule.ts';
import { editPreferences } from './operations/edit-preferences.ts';
import { findCustomers } from './operations/find-customers.ts';
import { findDay } from './operations/find-day.ts';
import { endDevice, renameDevice } from './operations/edit-device.ts';
import { addItem, editItem, endItem, restoreItem } from './operations/edit-item.ts';
import { addLocation, editLocation, endLocation } from './operations/edit-location.ts';
import { editMerchant, readMerchant } from './operations/edit-merchant.ts';
import { addProgram, editProgram, endProgram } from './operations/edit-program.ts';
import { addStaff, editStaff, endStaff } from './operations/edit-staff.ts';
import { applyKeptTap, dismissKeptTap } from './operations/end-kept-tap.ts';
import { enrolDevice, startEnrolment } from './operations/enrol-device.ts';
import { keepTap } from './operations/keep-tap.ts';
import { listAllowanceRules } from './operations/list-allowance-rules.ts';
import { listDevices } from './operations/list-devices.ts';
import { listItems } from './operations/list-items.ts';
import { listKeptTaps } from './operations/list-kept-taps.ts';
import { listLocations } from './operations/list-locations.ts';
import { listPrograms, readProgram } from './operations/list-programs.ts';
import { listStaff } from './operations/list-staff.ts';
import { listOwnThanks } from './operations/list-thanks.ts';
import { blockCard } from './operations/block-card.ts';
import { editCustomer } from './operations/edit-customer.ts';
import { exportAudit } from './operations/export-audit.ts';
import { forgetCustomer } from './operations/forget-customer.ts';
import { listCustomers } from './operations/list-customers.ts';
import { listImports } from './operations/list-imports.ts';
import { listSales } from './operations/list-sales.ts';
import { endOpenSession, endOtherSessions, listOpenSessions } from './operations/open-sessions.ts';
import { changePassword, changePin, turnOffSecondFactor } from './operations/own-account.ts';
import { readCustomer, readCustomerHistory } from './operations/read-customer.ts';
import { readSale } from './operations/read-sale.ts';
import { renewCardLink } from './operations/renew-card-link.ts';
import {
  confirmSecondFactor,
  readSecondFactor,
  readSecondFactorLink,
  renewRecoveryCodes,
  startSecondFactor,
} from './operations/second-factor.ts';
import { sendVoucher } from './operations/send-voucher.ts';
import { thankForGesture } from './operations/thank-for-gesture.ts';
import { previewAllowanceRule } from './operations/preview-allowance-rule.ts';
import { readAudit } from './operations/read-audit.ts';
import { noteDeviceSeen } from './operations/note-device-seen.ts';
import { addPicture, readPicture } from './operations/pictures.ts';
import { readSummary } from './operations/read-summary.ts';
import { readTill } from './operations/read-till.ts';
import { isSetUp, setUpShop } from './operations/set-up-shop.ts';
import { confirmSignIn, signIn } from './operations/sign-in.ts';
import { signOut } from './operations/sign-out.ts';
import { takeOffSecondFactor } from './operations/take-off-second-factor.ts';
import { undoGesture } from './operations/undo-gesture.ts';
import { drawsRoutes } from './pages/draws/draws-routes.ts';
import { cardPageRoutes } from './pages/card/card-page-routes.ts';
import { secondFactorPicture } from './pages/dashboard/second-factor-picture.ts';
import { dashboardRoutes } from './pages/dashboard/dashboard-routes.ts';
import type { CardStreams } from './pages/card/card-streams.ts';
import { referenceRoutes } from './pages/reference/reference-routes.ts';
import type { Mailer } from './mail.ts';
import type { Metrics } from './http/metrics.ts';
import type { Route } from './http/route.ts';
import type { Tokens } from './http/token.ts';
import type { Passwords } from './operations/passwords.ts';
import type { Sealer } from './operations/seal.ts';

/** What routes are made of. */
export interface RouteParts {
  db: Database;
  clock: Clock;
  tokens: Tokens;
  passwords: Passwords;
  /** Those that tills check. */
  pins: Passwords;
  /** From which the secrets of cards issued at tills are derived. */
  cardKey: Uint8Array;
  sealer: Sealer;
  /** Whether this is the one-time token printed at the start of a server that has no merchant yet. */
  isSetupToken: (token: string) => boolean;
  publicUrl(): string;
  metrics: Metrics;
  /** The customers' pages that are open. */
  cardStreams: CardStreams;
  /** To be called after somebody was forgotten; see `createEraser`. */
  eraseTraces: (customerId: string) => void;
  mailer: Mailer;
  log: Logger;
}

/** Every route there is, in the one place where operations meet HTTP. Express tries them in this order. */
export function createRoutes(parts: RouteParts): Route[] {
  const { db, clock, cardKey } = parts;
  const now = () => clock.now();
  const evidence = reportEvidence(db, clock, parts.sealer);
  const document = lazyApiDocument(() => routes, manifest.version);
  const routes: Route[] = [
    // What tills ask all day comes first.
    ...saleRoutes({
      recordSale: recordSale(db, clock),
      claimSale: claimSale(db, clock),
      redeemReward: redeemReward(db, clock, cardKey),
      refundSale: refundSale(db, clock),
    }),
    ...gestureRoutes({
      giveGesture: giveGesture(db, clock, parts.sealer),
      recordPastGesture: recordPastGesture(db, clock),
      undoGesture: undoGesture(db, clock),
      readAllowance: readAllowance(db, clock),
      leaseGestures: leaseGestures(db, clock),
      returnLease: returnLease(db, clock),
      listOwnThanks: listOwnThanks(db, clock),
      checkPin: checkPin(db, clock, parts.pins),
    }),
    ...cardRoutes({
      readCard: readCard(db, clock),
      issueCardAtTill: issueCardAtTill(db, clock),
      editPreferences: editPreferences(db, clock),
      findCustomers: findCustomers(db, clock),
      cardKey,
    }),

    ...keptTapRoutes({
      keepTap: keepTap(db, clock),
      listKeptTaps: listKeptTaps(db),
      dismissKeptTap: dismissKeptTap(db, clock),
      applyKeptTap: applyKeptTap(db, clock),
    }),

    ...evidenceRoutes({
      reportEvidence: evidence,
      exportEvidence: exportEvidence(db, clock, evidence),
      findDay: findDay(db),
      readFairnessMirror: readFairnessMirror(db, clock),
      readFairnessAlarms: readFairnessAlarms(db, clock),
      now,
    }),
    ...seasonRoutes({
      scanCard: scanCard(db, clock, parts.sealer),
      planSeason: planSeason(db, clock),
      startSeason: startSeason(db, clock, parts.sealer),
      stopSeason: stopSeason(db, clock, parts.sealer),
      listSeasons: listSeasons(db),
    }),

    // People, tills and rules.
    ...createDeskRoutes(parts),

    ...reportRoutes({
      reportGestures: reportGestures(db, clock),
      totalGestures: totalGestures(db, clock),
      exportGestureReport: exportGestureReport(db, clock),
      findDay: findDay(db),
      now,
    }),

    ...importRoutes({
      importSales: importSales(db, clock),
      readImportMapping: readImportMapping(db),
      listImports: listImports(db),
    }),

    // Pages.
    ...dashboardRoutes({ isSetUp: isSetUp(db) }),
    ...drawsRoutes({ readPublicSeason: readPublicSeason(db), streamSeasonDraws: streamSeasonDraws(db) }),
    ...cardPageRoutes({
      clock,
      streams: parts.cardStreams,
      readCardPage: readCardPage(db, clock, cardKey),
      readJoinPage: readJoinPage(db),
      joinProgram: joinProgram(db, clock, cardKey),
      thankForGesture: thankForGesture(db, clock),
      mailer: parts.mailer,
      editOwnCard: editOwnCard(db, clock),
      startKeepingSafe: startKeepingSafe(db, clock, cardKey),
      confirmKeepingSafe: confirmKeepingSafe(db, clock, cardKey),
      joinCards: joinCards(db, clock, cardKey),
      exportMyData: exportMyData(db, clock),
      forgetCustomer: forgetCustomer(db, clock, (customerId) => parts.eraseTraces(customerId)),
      startFinding: startFinding(db, clock, cardKey),
      finishFinding: finishFinding(db, clock, cardKey),
    }),

    // What the API says about itself, and whether it is well.
    ...openapiRoutes(document),
    ...referenceRoutes(document),
    ...healthRoutes({ isReady: checkReady(db), metrics: parts.metrics }),
  ];
  return routes;
}

/** What the owner's desk does, and signing in. */
function createDeskRoutes({
  db,
  clock,
  cardKey,
  passwords,
  pins,
  sealer,
  tokens,
  isSetupToken,
  eraseTraces,
  log,
}: RouteParts): Route[] {
  const now = () => clock.now();
  return [
    ...setupRoutes({
      setUpShop: setUpShop(db, clock, passwords),
      isSetUp: isSetUp(db),
      isSetupToken,
      tokens,
    }),
    ...sessionRoutes({
      signIn: signIn(db, clock, { passwords, sealer }),
      confirmSignIn: confirmSignIn(db, clock, { passwords, sealer }),
      signOut: signOut(db, clock),
      tokens,
      now,
    }),
    ...accountRoutes({
      listOpenSessions: listOpenSessions(db, clock),
      endOpenSession: endOpenSession(db, clock),
      endOtherSessions: endOtherSessions(db, clock),
      readSecondFactor: readSecondFactor(db),
      startSecondFactor: startSecondFactor(db, clock, sealer),
      confirmSecondFactor: confirmSecondFactor(db, clock, sealer),
      renewRecoveryCodes: renewRecoveryCodes(db, clock),
      turnOffSecondFactor: turnOffSecondFactor(db, clock, { passwords, sealer }),
      changePassword: changePassword(db, clock, passwords),
      changePin: changePin(db, clock, passwords),
      now,
    }),
    secondFactorPicture({ readSecondFactorLink: readSecondFactorLink(db, sealer), now }),
    ...customerRoutes({
      listCustomers: listCustomers(db, clock),
      readCustomer: readCustomer(db, clock),
      readCustomerHistory: readCustomerHistory(db, clock),
      editCustomer: editCustomer(db, clock),
      blockCard: blockCard(db, clock),
      renewCardLink: renewCardLink(db, clock),
      sendVoucher: sendVoucher(db, clock),
      joinCustomers: joinCustomers(db, clock),
      forgetCustomer: forgetCustomer(db, clock, eraseTraces),
      now,
    }),
    ...daySaleRoutes({ listSales: listSales(db, clock), readSale: readSale(db, clock) }),
    ...deviceRoutes({
      startEnrolment: startEnrolment(db, clock),
      enrolDevice: enrolDevice(db, clock),
      listDevices: listDevices(db),
      renameDevice: renameDevice(db, clock),
      endDevice: endDevice(db, clock),
      noteDeviceSeen: noteDeviceSeen(db, clock, log),
      readTill: readTill(db, clock),
      tokens,
      now,
    }),
    ...staffSessionRoutes({
      signInAtTill: signInAtTill(db, clock, pins),
      signOut: signOut(db, clock),
      tokens,
      now,
    }),
    ...summaryRoutes({ readSummary: readSummary(db, clock) }),
    ...pictureRoutes({ addPicture: addPicture(db, clock), readPicture: readPicture(db) }),
    ...merchantRoutes({ readMerchant: readMerchant(db), editMerchant: editMerchant(db, clock) }),
    ...locationRoutes({
      listLocations: listLocations(db),
      addLocation: addLocation(db, clock),
      editLocation: editLocation(db, clock),
      endLocation: endLocation(db, clock, sealer),
    }),
    ...staffRoutes({
      listStaff: listStaff(db),
      addStaff: addStaff(db, clock, passwords),
      editStaff: editStaff(db, clock, passwords),
      endStaff: endStaff(db, clock),
      takeOffSecondFactor: takeOffSecondFactor(db, clock),
      cardKey,
      now,
    }),
    ...programRoutes({
      listPrograms: listPrograms(db),
      readProgram: readProgram(db),
      addProgram: addProgram(db, clock),
      editProgram: editProgram(db, clock),
      endProgram: endProgram(db, clock),
    }),
    ...itemRoutes({
      listItems: listItems(db),
      addItem: addItem(db, clock),
      editItem: editItem(db, clock),
      endItem: endItem(db, clock),
      restoreItem: restoreItem(db, clock),
    }),
    ...allowanceRuleRoutes({
      listAllowanceRules: listAllowanceRules(db),
      previewAllowanceRule: previewAllowanceRule(db, clock),
      addAllowanceRule: addAllowanceRule(db, clock),
      editAllowanceRule: editAllowanceRule(db, clock),
      removeAllowanceRule: removeAllowanceRule(db, clock),
    }),
    ...auditRoutes({
      readAudit: readAudit(db),
      exportAudit: exportAudit(db, clock),
      findDay: findDay(db),
      now,
    }),
  ];
}
