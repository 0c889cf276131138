/** The `Intake` that reports are filed with. */
export const INTAKE = Symbol('INTAKE');
