/** What a team makes of how a player reports. */
export interface ReportingPolicy {
  /** Reports of one reporter that count in one day (UTC); those beyond it stay on file and do not. */
  readonly dailyReportsMax: number;
  /** Of a reporter's last decided reports, so many are looked at. */
  readonly outcomesMax: number;
  /** Below so many decided reports of a reason, nothing is known of how credible the reporter is there. */
  readonly credibilityOutcomesMin: number;
  /** Below so many decided reports in all, a reporter is in good standing. */
  readonly standingOutcomesMin: number;
  /** From this share of unfounded reports on, they are mostly unfounded: 0 to 1. */
  readonly unfoundedShare: number;
  /** So many unfounded reports that were filed after a warning lead to suppression, while they are mostly unfounded. */
  readonly outcomesAfterWarning: number;
  /** How long the reports of a suppressed reporter do not count, in days. */
  readonly suppressionDays: number;
}

export const reportingPolicyDefaults: ReportingPolicy = {
  dailyReportsMax: 100,
  outcomesMax: 100,
  credibilityOutcomesMin: 6,
  standingOutcomesMin: 10,
  unfoundedShare: 0.75,
  outcomesAfterWarning: 5,
  suppressionDays: 14,
};
