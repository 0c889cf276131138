/** The libraries whose logic is pure, by the name that `--only` takes: the quickest first. */
export const libraries = {
  core: 'libs/core',
  cheating: 'libs/cheating/domain',
  abuse: 'libs/abuse/domain',
  triage: 'libs/triage/domain',
  events: 'libs/events',
  casework: 'libs/casework',
} as const;

export type Library = keyof typeof libraries;
export const libraryNames = Object.keys(libraries) as readonly Library[];

/** What of a hundred changes the specs of each library must notice. */
export const scoreMin = 85;
