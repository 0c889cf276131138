import { InvalidArgumentError } from 'commander';

/** A whole number from the command line. Throws commander's own error for anything else. */
export function integer(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}
