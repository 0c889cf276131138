/** A case's version has this much room for its revision: so many events on the topic of the reports may concern one case. */
export const revisionsPerStep = 2 ** 20;

/** The two counts that a case's version is made of. */
export interface VersionParts {
  /** Of the last step of the case, with its term: rises with each command that was taken. */
  readonly streamVersion: number;
  /** Events of the topic `reports` that concern the case, as far as a view has them. */
  readonly revision: number;
}

/**
 * The version of a case as the API shows it: one integer that rises with each step and with each report, and that says of both
 * how far whoever read it had seen.
 */
export const versionOf = ({ streamVersion, revision }: VersionParts): number =>
  streamVersion * revisionsPerStep + Math.min(revision, revisionsPerStep - 1);

export const partsOf = (version: number): VersionParts => ({
  streamVersion: Math.floor(version / revisionsPerStep),
  revision: version % revisionsPerStep,
});
